// An attempt that this node carries out: what its executor is given, its log lines on their way to the store, and its
// end.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/deadlines.hpp"
#include "engine/ledger.hpp"
#include "engine/settle.hpp"
#include "model/masks.hpp"
#include "taskcore/clock.hpp"
#include "taskcore/executor.hpp"

namespace taskcore {

class ActiveRun final : public RunContext, public RunCompletion::Sink {
 public:
  /// How an attempt reaches the engine; called from any thread.
  struct Hooks {
    std::function<void(Settlement)> settle{};
    std::function<void()> lines_wait{};      ///< The first line since the last `take_lines` has come.
    std::function<void()> progress_waits{};  ///< The first progress since the last `take_progress` has come.
    std::shared_ptr<Clock> clock{};
    boost::asio::any_io_executor executor{};
    std::size_t max_output = 0;
  };

  ActiveRun(Claim claim, std::shared_ptr<const Hooks> hooks);

  // RunContext
  const std::string& id() const noexcept override { return id_; }
  const std::string& task_id() const noexcept override { return spec().id; }
  const std::string& task_name() const noexcept override { return spec().name; }
  int attempt() const noexcept override { return row_->attempt; }
  std::optional<TimePoint> scheduled_for() const noexcept override { return row_->scheduled_for; }
  const boost::json::object& config() const noexcept override { return filled_ ? *filled_ : spec().config.values; }
  const boost::json::value& params() const noexcept override;
  bool config_takes_params() const noexcept override { return takes_params_; }
  Duration timeout() const noexcept override { return spec().timeout.value_or(Duration(0)); }
  Duration kill_grace() const noexcept override { return spec().kill_grace; }
  TimePoint deadline() const noexcept override { return row_->attempt_started_at.value_or(TimePoint{}) + timeout(); }
  std::stop_token stop_token() const noexcept override;
  void log(LogLevel level, std::string_view text, boost::json::value data) override;
  void output(LogStream stream, std::string_view line) override;
  void progress(double fraction) override;
  const boost::json::value& checkpoint() const noexcept override { return checkpoint_; }
  void set_checkpoint(boost::json::value value) override;
  const std::optional<boost::json::value>& signal() const noexcept override { return signal_; }
  const boost::json::object& dependencies() const noexcept override { return dependencies_; }
  boost::asio::any_io_executor executor() const noexcept override { return hooks_->executor; }

  // RunCompletion::Sink
  void complete(std::optional<Outcome> outcome) noexcept override;

  // Around the executor's `start`: when it throws, its completion is dropped on the way here, and the exception says
  // more than that the attempt was abandoned. So an abandonment in between is kept back.
  void start_begins() noexcept { start_ = Start::under_way; }
  void start_ended(std::exception_ptr error) noexcept;

  // For the engine, on its strand.
  RunKey key() const noexcept { return row_->id; }
  std::int64_t fence() const noexcept { return row_->fence; }
  const TaskSpec& spec() const noexcept { return definition_->spec(); }
  /// Whether its run was to wait for a signal until now, and none came: then it is not to begin, and has failed.
  bool has_waited_in_vain() const noexcept { return awaits_signal(*row_); }
  /// Fills the placeholders of the configuration, and asks the executor what it says of the result; before the start.
  /// Gives the attempt's end when it cannot begin.
  std::optional<Outcome> fill_config(const SecretSource& secrets, const Executor& executor);
  /// The first reason counts.
  void stop(StopReason reason);
  /// The lines that came since the last call.
  std::vector<LogRow> take_lines();
  /// The newest progress since the last call.
  std::optional<double> take_progress() noexcept;
  std::optional<Deadlines::Ticket> timeout_ticket{};

 private:
  void mask(Outcome& outcome) const;
  static constexpr double kNoProgress = -1;

  void add_line(LogLevel level, LogStream stream, std::string_view text, std::string data);

  std::shared_ptr<const RunRow> row_;
  std::shared_ptr<const Definition> definition_;
  std::shared_ptr<const Hooks> hooks_;
  std::string id_;
  std::optional<boost::json::object> filled_{};  // set before the start
  Masks masks_{};                                // likewise
  bool takes_params_ = false;                    // likewise
  boost::json::value checkpoint_{};
  std::optional<boost::json::value> signal_{};
  boost::json::object dependencies_;
  std::atomic<StopReason> stop_reason_{StopReason::none};
  std::atomic<bool> done_{false};
  std::atomic<double> progress_{kNoProgress};
  enum class Start : std::uint8_t { over, under_way, abandoned };
  std::atomic<Start> start_{Start::over};

  mutable std::mutex mutex_{};                          // guards what follows
  mutable std::optional<boost::json::value> params_{};  // read when first asked for: many attempts never look
  mutable std::stop_source stop_{std::nostopstate};     // likewise
  std::vector<LogRow> lines_{};
  std::size_t bytes_ = 0;
  std::size_t dropped_ = 0;
  std::optional<std::string> new_checkpoint_{};
};

}  // namespace taskcore
