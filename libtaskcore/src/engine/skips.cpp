#include "engine/skips.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace taskcore {
namespace {

std::string_view in_words(SkipReason reason) {
  switch (reason) {
    case SkipReason::misfire:
      return "nobody was there to run it";
    case SkipReason::deadline:
      return "its start deadline had passed";
    case SkipReason::catch_up_limit:
      return "the catch-up limit was reached";
    case SkipReason::overlap:
      return "an earlier run was still live";
    case SkipReason::paused:
      return "the task was paused";
    case SkipReason::calendar:
      return "its calendar was changed and closes the day";
    case SkipReason::closed:
      return "it is outside startAt and endAt, or its calendar closes the day";
  }
  return "unknown";
}

}  // namespace

void record_skip(Ledger& ledger, const Entry& entry, const Skipped& skipped) {
  ledger.report().counts.skipped_instants += skipped.count;
  std::string message = skipped.count == 1 ? "skipped the instant " + format_time(skipped.from)
                                           : "skipped " + std::to_string(skipped.count) + " instants from " +
                                                 format_time(skipped.from) + " to " + format_time(skipped.to);
  message += ": ";
  message += in_words(skipped.reason);
  const boost::json::object data{{"reason", to_string(skipped.reason)},
                                 {"count", skipped.count},
                                 {"from", format_time(skipped.from)},
                                 {"to", format_time(skipped.to)}};
  ledger.log(entry, nullptr, LogLevel::warn, std::move(message), boost::json::serialize(data));
}

}  // namespace taskcore
