#include "executors/wait_for_signal.hpp"

#include <boost/json/value.hpp>
#include <cstdint>

namespace taskcore {
namespace {

namespace json = boost::json;

constexpr std::int64_t kLongestWait = 365LL * 24 * 3600 * 1000;

/// None: as long as it takes. Other members are for whoever is to send the signal.
Result<std::optional<Duration>> read_timeout(const json::value& params) {
  if (params.is_null()) return std::optional<Duration>();
  if (!params.is_object()) return invalid("/config/params", "must be an object");
  const auto* value = params.get_object().if_contains("timeout");
  if (value == nullptr || value->is_null()) return std::optional<Duration>();
  boost::system::error_code bad;
  const auto ms = value->to_number<std::int64_t>(bad);
  if (bad || ms < 1 || ms > kLongestWait)
    return invalid("/config/params/timeout", "must be a whole number of ms from 1 to 31536000000");
  return std::optional(Duration(ms));
}

Outcome wait_or_end(const RunContext& run) {
  if (run.signal()) return Outcome::success(*run.signal());
  const auto* params = run.config().if_contains("params");
  const auto timeout = read_timeout(params != nullptr ? *params : json::value());
  return timeout ? await_signal(*timeout) : detail::bad_params(timeout.error().detail);
}

}  // namespace

Function wait_for_signal() {
  Function out;
  out.blocking = false;
  out.start = [](std::shared_ptr<RunContext> run, RunCompletion done) { done(wait_or_end(*run)); };
  out.validate = [](const json::value& params) -> Result<void> {
    auto timeout = read_timeout(params);
    if (!timeout) return timeout.error();
    return {};
  };
  return out;
}

}  // namespace taskcore
