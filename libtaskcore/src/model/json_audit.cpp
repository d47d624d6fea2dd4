// Rows of the audit trail as JSON.
#include <boost/json/parse.hpp>

#include "taskcore/json.hpp"

namespace taskcore {
namespace {

namespace json = boost::json;

/// Text that cannot be read, which the engine never writes, is shown as it is.
json::value value_of(const std::string& text) {
  if (text.empty()) return nullptr;
  boost::system::error_code ec;
  auto value = json::parse(text, ec);
  return ec ? json::value(text) : value;
}

}  // namespace

json::object to_json(const AuditEntry& entry) {
  return {{"seq", entry.seq},
          {"timestamp", format_time(entry.at)},
          {"actor", entry.actor},
          {"role", entry.role},
          {"action", entry.action},
          {"target", entry.target},
          {"outcome", entry.outcome},
          {"before", value_of(entry.before)},
          {"after", value_of(entry.after)},
          {"requestId", entry.request_id},
          {"hash", entry.hash}};
}

}  // namespace taskcore
