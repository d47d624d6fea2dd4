// Why a Node.js process has ended, from what it said: one line for people.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace taskd {

class CrashReport {
 public:
  /// A line of standard error from before the module was loaded.
  void note_line(std::string_view line);

  /// The process's last message, of an error that nobody caught.
  void note_crash(const boost::json::object& message);

  /// `how` is such as "exit code 1".
  std::string why_not_loaded(const std::string& how) const;
  /// In full for the call that the error came from; without what the error said for all others.
  std::string why_ended(const std::string& how) const;
  std::string that_it_ended(const std::string& how) const;
  /// The id of that call; 0: not known.
  std::int64_t culprit() const noexcept { return culprit_; }

 private:
  std::string crash() const;

  std::string last_line_{};
  std::string place_{};  ///< Where in the module: "/srv/tasks.js:12".
  std::string error_{};
  std::int64_t culprit_ = 0;
};

}  // namespace taskd
