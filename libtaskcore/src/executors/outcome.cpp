// How a function's end, or an exception, becomes an attempt's outcome.
#include "taskcore/executor.hpp"
#include "taskcore/function.hpp"

namespace taskcore {

Outcome Outcome::success(boost::json::value result) {
  Outcome out;
  out.result = std::move(result);
  return out;
}

Outcome Outcome::failure(std::string code, std::string message, bool retryable) {
  Outcome out;
  out.completed = false;
  out.error = RunError{std::move(code), std::move(message), retryable, {}};
  return out;
}

Outcome Outcome::await_signal(std::optional<Duration> timeout) {
  Outcome out = failure("awaits_signal", "waits for a signal");
  out.awaits_signal = true;
  out.signal_timeout = timeout;
  return out;
}

namespace detail {

Outcome outcome_of_exception(std::exception_ptr error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const fatal& e) {
    return Outcome::failure("fatal", e.what(), false);
  } catch (const snooze& e) {
    Outcome out = Outcome::failure("snoozed", "asked to be run later");
    out.snoozed = true;
    out.retry_after = e.delay();
    return out;
  } catch (const std::exception& e) {
    return Outcome::failure("exception", e.what());
  } catch (...) {
    return Outcome::failure("exception", "an exception of unknown type");
  }
}

const boost::json::value& call_params(const RunContext& context) {
  static const boost::json::value none = boost::json::object{};
  if (!context.config_takes_params() && !context.params().is_null()) return context.params();
  const auto* params = context.config().if_contains("params");
  return params != nullptr && !params->is_null() ? *params : none;
}

Outcome bad_params(const std::string& why) {
  return Outcome::failure("bad_params", "the parameters do not fit the function: " + why, false);
}

}  // namespace detail
}  // namespace taskcore
