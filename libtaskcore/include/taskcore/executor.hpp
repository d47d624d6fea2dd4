// The seam of work: an Executor carries out the attempts of one type of task. Hosts add their own types by deriving
// from it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "taskcore/log.hpp"
#include "taskcore/result.hpp"
#include "taskcore/run.hpp"

namespace taskcore {

/// How an attempt ended, as the executor saw it. The scheduler decides what follows (retry, fail, …).
struct Outcome {
  bool completed = true;
  boost::json::value result{};  ///< Of a completed attempt, at most 256 KiB as text.
  RunError error{};             ///< Of one that did not complete.
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  std::optional<Duration> retry_after{};     ///< Run again no earlier than this (a server's Retry-After, or a snooze).
  bool snoozed = false;                      ///< Asked to be run later: uses up no retry.
  bool awaits_signal = false;                ///< The run waits for a signal, in no slot, and then is run again.
  std::optional<Duration> signal_timeout{};  ///< How long it waits; none: as long as it takes.

  static Outcome success(boost::json::value result = {});
  static Outcome failure(std::string code, std::string message, bool retryable = true);
  /// The attempt is done, the run is not: it waits for Scheduler::signal, and the next attempt has what was sent. When
  /// no signal has come within `timeout` the run fails for good, with code "signal_timeout".
  static Outcome await_signal(std::optional<Duration> timeout = {});
};

/// What an attempt knows and may do. Usable from any thread until the attempt is completed; afterwards its calls do
/// nothing.
class RunContext {
 public:
  virtual ~RunContext() = default;

  virtual const std::string& id() const noexcept = 0;  ///< The run's id.
  virtual const std::string& task_id() const noexcept = 0;
  virtual const std::string& task_name() const noexcept = 0;
  virtual int attempt() const noexcept = 0;  ///< Counts from 1.
  virtual std::optional<TimePoint> scheduled_for() const noexcept = 0;
  virtual const boost::json::object& config()
      const noexcept = 0;  ///< The task's configuration, its placeholders filled.
  virtual const boost::json::value& params()
      const noexcept = 0;  ///< The run's own parameters; null when none were given.

  /// Whether the configuration's "params" took what they want of `params` by placeholders: then functions are called
  /// with them.
  virtual bool config_takes_params() const noexcept { return false; }

  virtual Duration timeout() const noexcept = 0;
  virtual Duration kill_grace() const noexcept = 0;
  virtual TimePoint deadline() const noexcept = 0;  ///< When the attempt times out, by the wall clock at its start.

  /// Asked to stop: timeout, cancellation, shutdown. The attempt should end soon and complete as it likes.
  virtual std::stop_token stop_token() const noexcept = 0;

  /// Adds a line to the task's log. Lines past the run's output cap are counted, not kept.
  virtual void log(LogLevel level, std::string_view text, boost::json::value data = {}) = 0;

  /// A line of output: for executors that capture streams.
  virtual void output(LogStream stream, std::string_view line) = 0;

  /// How far the attempt is, 0 to 1. Told to subscribers as a `run_progress` event; not stored. It may be called as
  /// often as one likes: of many calls within a quarter of a second the last is told.
  virtual void progress(double fraction) = 0;

  /// What an earlier attempt of this run left by `set_checkpoint`; null at first.
  virtual const boost::json::value& checkpoint() const noexcept = 0;

  /// Keeps `value` (at most 256 KiB as text) for later attempts of this run. It is durable no later than the attempt's
  /// end.
  virtual void set_checkpoint(boost::json::value value) = 0;

  /// What the run was sent by Scheduler::signal and has not used up; none when nothing was. Later attempts have it too,
  /// until one of them, having it, asks to wait for the next.
  virtual const std::optional<boost::json::value>& signal() const noexcept = 0;

  /// The results of the dependencies, by task id: `{"build": {"runId": …, "result": …}}`.
  virtual const boost::json::object& dependencies() const noexcept = 0;

  /// The executor that a host gave the scheduler: for work that is asynchronous.
  virtual boost::asio::any_io_executor executor() const noexcept = 0;
};

/// The one way to end an attempt. Call it once, from any thread. One that is destroyed uncalled ends the attempt as
/// failed with code "abandoned", so a mistake in an executor cannot hang a slot.
class RunCompletion {
 public:
  /// Receives the outcome, or nothing when the completion was abandoned.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void complete(std::optional<Outcome> outcome) noexcept = 0;
  };

  RunCompletion() = default;
  explicit RunCompletion(std::shared_ptr<Sink> sink) noexcept : sink_(std::move(sink)) {}
  RunCompletion(RunCompletion&&) noexcept = default;
  RunCompletion& operator=(RunCompletion&& other) noexcept {
    if (this != &other) {
      abandon();
      sink_ = std::move(other.sink_);
    }
    return *this;
  }
  ~RunCompletion() { abandon(); }

  void operator()(Outcome outcome) {
    if (auto sink = std::exchange(sink_, nullptr)) sink->complete(std::move(outcome));
  }

 private:
  void abandon() noexcept {
    if (auto sink = std::exchange(sink_, nullptr)) sink->complete(std::nullopt);
  }
  std::shared_ptr<Sink> sink_{};
};

/// Carries out the attempts of one type of task.
class Executor {
 public:
  virtual ~Executor() = default;

  /// The value of a task's `type` that this executor serves. Constant.
  virtual std::string_view type() const noexcept = 0;

  /// Checks a configuration when a task is stored, and again when an attempt has filled values of params and
  /// dependencies into it; before that, what it says of texts that will change is left aside. Errors: `invalid`, with
  /// pointers below "/config". Called from any thread.
  virtual Result<void> validate(const boost::json::object& config) const = 0;

  /// Starts an attempt and returns soon: it runs on the engine's strand. An exception ends the attempt as failed.
  virtual void start(std::shared_ptr<RunContext> context, RunCompletion done) = 0;

  /// Called by the scheduler's start, before any attempt; an error is the start's. May block for some milliseconds.
  virtual Result<void> open() { return {}; }

  /// Frees what the executor holds; called once, when no attempt is active.
  virtual void stop() noexcept {}
};

}  // namespace taskcore
