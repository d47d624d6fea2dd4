// Which lines of a log are new. The log of a task is not only added to at its end: where runs go side by side, lines
// come into its middle.
#pragma once

#include <boost/json/array.hpp>
#include <functional>
#include <string>
#include <unordered_map>

namespace taskd {

/// Is given what follows the last page that had a next one, again and again, and hands on each line once.
class LogTail {
 public:
  /// `has_next`: the page has a next one, and what comes then begins there.
  void take(const boost::json::array& page, bool has_next, const std::function<void(const boost::json::value&)>& fresh);

 private:
  std::unordered_map<std::string, std::size_t> seen_{};  ///< How often each line is behind the last page.
};

}  // namespace taskd
