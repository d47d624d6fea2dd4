#include "executors/script_attempt.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <cstring>

#include "model/line_cost.hpp"

namespace taskcore {

ScriptAttempt::ScriptAttempt(std::shared_ptr<RunContext> context, RunCompletion done, ScriptConfig config,
                             std::size_t max_output, std::shared_ptr<ScriptGroups> groups)
    : strand_(boost::asio::make_strand(context->executor())),
      context_(std::move(context)),
      done_(std::move(done)),
      config_(std::move(config)),
      capture_(
          OutputLimits{.max_output = max_output, .line_cost = kLineCost},
          [this](LogStream stream, std::string_view line) { context_->output(stream, line); },
          [this](std::uint64_t bytes) {
            context_->log(LogLevel::warn,
                          "output truncated: " + std::to_string(bytes) + " bytes in the middle were dropped");
          }),
      progress_([this](std::string_view bytes) { capture_.feed(LogStream::stdout_, bytes); },
                [this](double fraction) { context_->progress(fraction); }),
      groups_(std::move(groups)) {}

void ScriptAttempt::start(ChildSpec spec) {
  boost::asio::post(strand_,
                    [self = shared_from_this(), spec = std::move(spec)]() mutable { self->spawn(std::move(spec)); });
}

void ScriptAttempt::spawn(ChildSpec spec) {
  if (auto entered = enter_group(spec); !entered) {
    leave_group();
    return done_(Outcome::failure("cgroup_failed", entered.error().detail));
  }
  spec.cpu_seconds = config_.limits.cpu_seconds;
  spec.memory_bytes = config_.limits.memory_bytes;
  spec.open_files = config_.limits.open_files;
  spec.processes = config_.limits.processes;
  spec.file_bytes = config_.limits.file_bytes;
  auto child = ChildProcess::start(
      strand_, spec,
      [self = shared_from_this()](int stream, std::string_view bytes) { self->take_output(stream, bytes); },
      [self = shared_from_this()](const ChildExit& exit) { self->ended(exit); });
  if (!child) {
    leave_group();
    const Error error = child.error();
    return done_(Outcome::failure("spawn_failed", "cannot start '" + config_.script.command + "': " + error.detail,
                                  error.code != Errc::invalid));
  }
  child_ = *child;
  // The stop may come from any thread, and at once when it was asked for before.
  on_stop_.emplace(context_->stop_token(), [weak = weak_from_this()] {
    if (auto self = weak.lock()) boost::asio::post(self->strand_, [self] { self->terminate(); });
  });
}

Result<void> ScriptAttempt::enter_group(ChildSpec& spec) {
  if (!groups_) return {};
  auto group = groups_->make();
  if (!group) return group.error();
  group_ = *group;
  spec.cgroup = *group;
  return bound_group(*group, config_.limits);
}

void ScriptAttempt::leave_group() {
  if (!group_.empty()) groups_->remove(group_);
}

void ScriptAttempt::take_output(int stream, std::string_view bytes) {
  if (stream == 2) return capture_.feed(LogStream::stderr_, bytes);
  progress_.feed(bytes);
}

void ScriptAttempt::terminate() {
  if (auto child = child_.lock()) child->terminate();
}

void ScriptAttempt::ended(const ChildExit& exit) {
  on_stop_.reset();
  leave_group();
  progress_.finish();
  capture_.finish();
  if (exit.exec_errno == 0 && !exit.lost) log_usage(exit);
  done_(outcome_of(exit));
}

void ScriptAttempt::log_usage(const ChildExit& exit) {
  const std::int64_t peak = exit.max_rss_kb * 1024;
  char text[96];
  std::snprintf(text, sizeof text, "used %.2f s of CPU, %.1f MB at its peak", static_cast<double>(exit.cpu_us) / 1e6,
                static_cast<double>(peak) / 1e6);
  context_->log(LogLevel::info, text, {{"cpuMs", exit.cpu_us / 1000}, {"peakBytes", peak}});
}

Outcome ScriptAttempt::outcome_of(const ChildExit& exit) const {
  const std::string& command = config_.script.command;
  if (exit.cwd_failed)
    return Outcome::failure("bad_cwd", "cannot enter '" + config_.script.cwd + "': " + std::strerror(exit.exec_errno),
                            false);
  if (exit.cgroup_failed)
    return Outcome::failure("cgroup_failed", "cannot enter '" + group_ + "': " + std::strerror(exit.exec_errno));
  if (exit.exec_errno != 0)
    return Outcome::failure("exec_failed", "cannot run '" + command + "': " + std::strerror(exit.exec_errno), false);
  if (exit.lost)
    return Outcome::failure("process_lost", "how '" + command + "' ended is not known: its supervisor is gone");
  Outcome out =
      exit.signal != 0
          ? Outcome::failure("signal", "'" + command + "' was ended by signal " + std::to_string(exit.signal))
      : exit.exit_code != 0
          ? Outcome::failure("exit_code", "'" + command + "' exited with code " + std::to_string(exit.exit_code))
          : Outcome::success(result());
  if (exit.signal != 0) out.signal = exit.signal;
  if (exit.signal == 0) out.exit_code = exit.exit_code;
  const auto& final_codes = config_.script.no_retry_exit_codes;
  if (std::find(final_codes.begin(), final_codes.end(), exit.exit_code) != final_codes.end())
    out.error.retryable = false;
  return out;
}

/// The JSON value on the last line of output, if that line is one.
boost::json::value ScriptAttempt::result() const {
  const auto line = capture_.last_line();
  if (!line) return nullptr;
  boost::system::error_code no_json;
  auto value = boost::json::parse(boost::json::string_view(line->data(), line->size()), no_json);
  return no_json ? boost::json::value(nullptr) : value;
}

}  // namespace taskcore
