// One call: see function_call.hpp. Values come as JSON text inside of the messages, so that what a function gives can
// spoil only its own call.
#include "functions/function_call.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "functions/message.hpp"
#include "taskcore/function.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Outcome;

namespace {

constexpr taskcore::Duration kNear{20};
constexpr taskcore::Duration kLongestSnooze = std::chrono::hours(24 * 366);

/// What the text says; none when it is no JSON, or nested too deep.
std::optional<json::value> value_of(const json::object& message, std::string_view key) {
  const std::string_view text = text_of(message, key);
  if (text.empty()) return json::value(nullptr);
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return std::nullopt;
  return value;
}

std::int64_t since_epoch(taskcore::TimePoint at) { return at.time_since_epoch().count(); }

Outcome snoozed(double delay) {
  Outcome out = Outcome::failure("snoozed", "asked to be run later");
  out.snoozed = true;
  const double most = static_cast<double>(kLongestSnooze.count());
  out.retry_after = delay < most ? taskcore::Duration(static_cast<std::int64_t>(delay)) : kLongestSnooze;
  return out;
}

Outcome failed(const json::object& message) {
  return Outcome::failure(std::string(text_of(message, "code")), std::string(text_of(message, "message")),
                          !flag_of(message, "final"));
}

Outcome completed(const json::object& message) {
  if (auto result = value_of(message, "result")) return Outcome::success(std::move(*result));
  return Outcome::failure("bad_result", "the result is nested too deep: at most 32 levels", false);
}

}  // namespace

FunctionCall::FunctionCall(std::uint64_t id, std::string function, std::shared_ptr<taskcore::RunContext> context,
                           taskcore::RunCompletion done, const boost::asio::any_io_executor& executor)
    : grace(executor), id_(id), function_(std::move(function)), context_(std::move(context)), done_(std::move(done)) {}

json::object FunctionCall::request() const {
  json::object out;
  out["type"] = "call";
  out["id"] = id_;
  out["function"] = function_;
  out["params"] = taskcore::detail::call_params(*context_);
  out["runId"] = context_->id();
  out["taskId"] = context_->task_id();
  out["attempt"] = context_->attempt();
  const auto scheduled_for = context_->scheduled_for();
  out["scheduledFor"] = scheduled_for ? json::value(since_epoch(*scheduled_for)) : json::value(nullptr);
  out["deadline"] = since_epoch(context_->deadline());
  out["dependencies"] = context_->dependencies();
  out["checkpoint"] = context_->checkpoint();
  return out;
}

json::object FunctionCall::abort_request() const {
  // The engine does not say why; near the deadline it is a timeout.
  const bool timed_out = std::chrono::system_clock::now() + kNear >= context_->deadline();
  return {{"type", "abort"}, {"id", id_}, {"timedOut", timed_out}};
}

bool FunctionCall::take(const json::object& message) {
  const std::string_view type = text_of(message, "type");
  if (type == "output") {
    const bool error = text_of(message, "stream") == "stderr";
    context_->output(error ? taskcore::LogStream::stderr_ : taskcore::LogStream::stdout_, text_of(message, "text"));
  } else if (type == "log") {
    const auto level = taskcore::parse_log_level(text_of(message, "level"));
    context_->log(level ? *level : taskcore::LogLevel::info, text_of(message, "text"),
                  value_of(message, "data").value_or(nullptr));
  } else if (type == "progress") {
    context_->progress(number_of(message, "fraction"));
  } else if (type == "checkpoint") {
    if (auto value = value_of(message, "value")) {
      try {
        context_->set_checkpoint(std::move(*value));
      } catch (const std::length_error& error) {
        context_->log(taskcore::LogLevel::error, error.what());
      }
    } else {
      context_->log(taskcore::LogLevel::error, "the checkpoint was not kept: it is nested too deep");
    }
  } else {
    if (type == "completed") return end(completed(message)), true;
    if (type == "failed") return end(failed(message)), true;
    if (type == "snoozed") return end(snoozed(number_of(message, "delay"))), true;
  }
  return false;
}

void FunctionCall::end(Outcome outcome) {
  stop_.reset();
  grace.cancel();
  done_(std::move(outcome));
}

void FunctionCall::on_stop(std::function<void()> stop) { stop_.emplace(context_->stop_token(), std::move(stop)); }

}  // namespace taskd
