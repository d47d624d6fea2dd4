// See log_tail.hpp.
#include "client/log_tail.hpp"

#include <boost/json/serialize.hpp>

namespace taskd {

void LogTail::take(const boost::json::array& page, bool has_next,
                   const std::function<void(const boost::json::value&)>& fresh) {
  std::unordered_map<std::string, std::size_t> here;
  for (const auto& line : page) {
    std::string text = boost::json::serialize(line);
    const auto seen = seen_.find(text);
    if (seen == seen_.end()) {
      fresh(line);
    } else if (--seen->second == 0) {
      seen_.erase(seen);
    }
    if (!has_next) ++here[std::move(text)];
  }
  if (!has_next) seen_ = std::move(here);
}

}  // namespace taskd
