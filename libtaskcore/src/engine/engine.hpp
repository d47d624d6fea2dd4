// The engine: the rooms put together. Verbs come in on any thread and go to the lane; what the lane reports after a
// commit is acted upon on the strand: runs are handed to executors, stops are passed on, waiters and subscribers are
// told.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/active_run.hpp"
#include "engine/deadlines.hpp"
#include "engine/dispatcher.hpp"
#include "engine/event_hub.hpp"
#include "engine/janitor.hpp"
#include "engine/lease_keeper.hpp"
#include "engine/reader_pool.hpp"
#include "engine/registry.hpp"
#include "engine/reply.hpp"
#include "engine/store_lane.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

class FunctionExecutor;

class Engine : public std::enable_shared_from_this<Engine> {
 public:
  Engine(boost::asio::any_io_executor executor, std::unique_ptr<Store> store, Options options);
  ~Engine();

  void open();
  void start(Reply<void> done);
  void stop(Duration grace, Reply<void> done);
  void hurry();
  /// Without the strand, for a scheduler that is destroyed unstopped: closes the store; what runs is recovered at the
  /// next start.
  void abandon() noexcept;

  void wait(RunKey run, Duration timeout, Reply<Run> done);
  Result<Run> read_run(RunKey run);

  StoreLane& lane() noexcept { return *lane_; }
  ReaderPool& readers() noexcept { return readers_; }
  Registry& registry() noexcept { return registry_; }
  FunctionExecutor& functions() noexcept { return *functions_; }
  EventHub& events() noexcept { return hub_; }
  const Options& options() const noexcept { return options_; }
  const std::shared_ptr<Clock>& clock() const noexcept { return options_.clock; }
  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

  /// Whether a blocking call on this thread would wait for itself.
  bool would_block_itself() const noexcept;
  /// When set, a blocking call does the engine's work in place by calling it until it gives false. For ManualHost.
  std::function<bool()> pump{};

 private:
  enum class State : std::uint8_t { idle, starting, running, stopping, stopped };

  void diagnose(LogLevel level, std::string_view message) const;
  ActiveRun::Hooks make_hooks();

  // On the strand.
  void on_report(BatchReport report);
  void recover_from(RunKey after, std::function<void(Result<void>)> then);
  void recovered();
  void set_claiming(bool claiming, std::function<void()> then);
  void publish(const std::vector<Event>& events);
  void begin(Claim claim);
  void leave(RunKey key);
  void end(const Ended& ended);
  void settle(Settlement settlement);
  void settle_again(std::shared_ptr<Settlement> settlement);
  void flush_lines();
  void tell_progress_soon();
  void tell_progress();
  void tell_waiters(RunKey run);
  void begin_stop(Duration grace, Reply<void> done);
  void stop_active();
  void finish_stop_if_idle();
  void finish_stop();

  boost::asio::any_io_executor executor_;
  boost::asio::strand<boost::asio::any_io_executor> strand_;
  Options options_;
  Registry registry_{};
  std::shared_ptr<FunctionExecutor> functions_;
  bool exclusive_ = true;
  std::unique_ptr<StoreLane> lane_;
  ReaderPool readers_;
  EventHub hub_;
  std::shared_ptr<const ActiveRun::Hooks> hooks_{};

  // On the strand only.
  State state_ = State::idle;
  Dispatcher dispatcher_;
  Janitor janitor_;
  LeaseKeeper lease_keeper_;
  Deadlines deadlines_;
  std::unique_ptr<Timer> line_timer_;
  std::unordered_map<RunKey, std::shared_ptr<ActiveRun>> active_{};
  struct Waiter {
    Reply<Run> done;
    Deadlines::Ticket ticket;
  };
  std::unordered_multimap<RunKey, std::shared_ptr<Waiter>> waiters_{};
  std::vector<Reply<void>> start_replies_{};
  std::vector<Reply<void>> stop_replies_{};
  std::optional<Deadlines::Ticket> grace_ticket_{};
  bool claims_stopped_ = false;
  bool ending_active_ = false;
  std::optional<std::chrono::nanoseconds> progress_told_at_{};

  std::atomic<bool> lines_posted_{false};
  std::atomic<bool> progress_posted_{false};
  std::atomic<bool> closed_{false};
  std::thread closer_{};
};

}  // namespace taskcore
