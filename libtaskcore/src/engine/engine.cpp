#include "engine/engine.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "engine/runs.hpp"
#include "engine/views.hpp"
#include "executors/function_executor.hpp"
#include "executors/wait_for_signal.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

constexpr Duration kLineDelay{200};  // lines of one attempt share commits
constexpr Duration kProgressPause{250};
constexpr Duration kSettleAgainAfter{250};
constexpr Duration kLookAgainAfter{1000};

Options with_defaults(Options options) {
  if (!options.clock) options.clock = system_clock();
  if (!options.random) options.random = system_random();
  return options;
}

/// Names this process's life, not the machine: a restarted process is another node, so its fences and leases are its
/// own.
std::string make_node_name(const Options& options) {
  char host[256] = "node";
  if (::gethostname(host, sizeof host - 1) != 0) return make_uuid_v7(options.clock->now(), *options.random);
  return std::string(host) + "-" + std::to_string(::getpid()) + "-" +
         make_uuid_v7(options.clock->now(), *options.random).substr(24);
}

}  // namespace

Engine::Engine(boost::asio::any_io_executor executor, std::unique_ptr<Store> store, Options options)
    : executor_(executor),
      strand_(executor),
      options_(with_defaults(std::move(options))),
      functions_(std::make_shared<FunctionExecutor>(options_)),
      exclusive_(store->exclusive()),
      lane_([&] {
        auto ledger = std::make_unique<Ledger>(*store, options_, registry_, *options_.random, make_node_name(options_));
        StoreLane::Config config;
        config.capacity = options_.lane_capacity;
        if (options_.store_inline) config.inline_executor = strand_;
        config.on_commit = [this](BatchReport report) {
          if (lane_->trouble()) diagnose(LogLevel::info, "store: it takes writes again");
          boost::asio::post(strand_, [self = shared_from_this(), r = std::make_shared<BatchReport>(std::move(report))] {
            self->on_report(std::move(*r));
          });
        };
        if (!options_.store_inline) {
          config.finish_elsewhere = [this](std::vector<std::unique_ptr<LaneJob>>& jobs) {
            const auto box = std::make_shared<std::vector<std::unique_ptr<LaneJob>>>();
            box->swap(jobs);
            try {
              boost::asio::post(strand_, [box] {
                for (auto& job : *box) job->finish(nullptr);
              });
            } catch (...) {
              jobs.swap(*box);
              throw;
            }
          };
        }
        config.on_trouble = [this](const Error& error) {
          // Once: while it lasts it is met with each request.
          if (lane_->trouble() != error.code) diagnose(LogLevel::error, "store: " + error.detail);
          // What the failed batch knew is forgotten, and if it was written after all nobody attends to its claims: the
          // next look finds out, and it does not wait for the interval.
          if (auto self = weak_from_this().lock()) {
            boost::asio::post(strand_,
                              [self] { self->dispatcher_.wake_at(self->options_.clock->now() + kLookAgainAfter); });
          }
        };
        return std::make_unique<StoreLane>(std::move(store), std::move(ledger), options_.clock, std::move(config));
      }()),
      readers_(*lane_),
      hub_(lane_->ledger().events_wanted),
      dispatcher_(*lane_, options_.clock, strand_, options_.scheduler_interval),
      janitor_(*lane_, options_.clock, strand_, options_.retention),
      lease_keeper_(*lane_, options_.clock, strand_, options_.lease),
      deadlines_(options_.clock, strand_),
      line_timer_(options_.clock->make_timer(strand_)) {
  functions_->add("wait_for_signal", wait_for_signal());
  registry_.add(functions_);
}

Engine::~Engine() {
  if (!closer_.joinable()) return;
  if (closer_.get_id() == std::this_thread::get_id()) {
    closer_.detach();
  } else {
    closer_.join();
  }
}

void Engine::open() {
  hooks_ = std::make_shared<const ActiveRun::Hooks>(make_hooks());
  lane_->open();
}

void Engine::diagnose(LogLevel level, std::string_view message) const {
  if (options_.logger) options_.logger->write(level, "engine", message);
}

bool Engine::would_block_itself() const noexcept {
  if (strand_.running_in_this_thread()) return true;
  using IoExecutor = boost::asio::io_context::executor_type;
  const auto* io = executor_.target<IoExecutor>();
  return io != nullptr && io->running_in_this_thread();
}

ActiveRun::Hooks Engine::make_hooks() {
  // Attempts may outlive the engine's owner by a moment: they hold it weakly.
  const std::weak_ptr<Engine> weak = weak_from_this();
  ActiveRun::Hooks hooks;
  hooks.settle = [weak](Settlement settlement) {
    if (auto self = weak.lock()) self->settle(std::move(settlement));
  };
  hooks.lines_wait = [weak] {
    auto self = weak.lock();
    if (!self || self->lines_posted_.exchange(true)) return;
    boost::asio::post(self->strand_, [self] {
      if (self->line_timer_) self->line_timer_->arm_after(kLineDelay, [e = self.get()] { e->flush_lines(); });
    });
  };
  hooks.progress_waits = [weak] {
    auto self = weak.lock();
    if (!self || self->progress_posted_.exchange(true)) return;
    boost::asio::post(self->strand_, [self] { self->tell_progress_soon(); });
  };
  hooks.clock = options_.clock;
  hooks.executor = executor_;
  hooks.max_output = options_.max_output;
  return hooks;
}

// Starting
// ---------------------------------------------------------------------------------------------------------------

void Engine::start(Reply<void> done) {
  boost::asio::post(strand_, [self = shared_from_this(), done = std::make_shared<Reply<void>>(std::move(done))] {
    switch (self->state_) {
      case State::running:
        return (*done)(Result<void>());
      case State::starting:
        return self->start_replies_.push_back(std::move(*done));
      case State::stopping:
      case State::stopped:
        return (*done)(fail(Errc::stopped, "the scheduler has been stopped"));
      case State::idle:
        break;
    }
    if (auto opened = self->registry_.open_all(); !opened) return (*done)(std::move(opened));
    self->state_ = State::starting;
    self->start_replies_.push_back(std::move(*done));
    self->recover_from(0, [self](Result<void> recovered) {
      if (recovered) return self->recovered();
      if (self->state_ == State::starting) self->state_ = State::idle;
      for (auto& reply : std::exchange(self->start_replies_, {})) reply(Result<void>(recovered));
    });
  });
}

/// Settles, batch by batch, what an earlier process left running. On a shared store the lease keeper does it in time.
void Engine::recover_from(RunKey after, std::function<void(Result<void>)> then) {
  const bool all_others = exclusive_;
  lane_->call<RunKey>(
      [after, all_others](Ledger& ledger) -> Result<RunKey> {
        return all_others ? recover_some(ledger, after, {}) : RunKey{0};
      },
      [self = shared_from_this(), then = std::move(then)](Result<RunKey> next) {
        boost::asio::post(self->strand_, [self, then, next] {
          if (!next) return then(next.error());
          if (*next != 0) return self->recover_from(*next, then);
          then({});
        });
      },
      true);
}

void Engine::recovered() {
  if (state_ != State::starting) return;
  state_ = State::running;
  if (!exclusive_) lease_keeper_.start();  // first, so that no run is held by a node that nobody knows
  set_claiming(true, [] {});
  dispatcher_.start();
  janitor_.start();
  for (auto& reply : std::exchange(start_replies_, {})) reply(Result<void>());
}

/// Takes effect even if the store is in trouble; then `then` is called.
void Engine::set_claiming(bool claiming, std::function<void()> then) {
  lane_->call<void>(
      [claiming](Ledger& ledger) -> Result<void> {
        ledger.set_claiming(claiming);
        return {};
      },
      [self = shared_from_this(), claiming, then = std::move(then)](Result<void> set) {
        // The batch failed, perhaps before it came to this job; its answer is still given on the lane's thread.
        if (!set && set.error().code != Errc::stopped) self->lane_->ledger().set_claiming(claiming);
        boost::asio::post(self->strand_, [self, then] { then(); });
      },
      true);
}

// Running
// ----------------------------------------------------------------------------------------------------------------

void Engine::on_report(BatchReport report) {
  // A run that ended and was claimed again has one place: the old attempt leaves it first.
  for (const Ended& ended : report.ended) end(ended);
  {
    const FunctionExecutor::Gathering gathering(*functions_);
    for (Claim& claim : report.claims) begin(std::move(claim));
  }
  for (const StopRequest& stop : report.stops) {
    const auto it = active_.find(stop.run);
    if (it != active_.end() && it->second->fence() == stop.fence) it->second->stop(StopReason::cancelled);
  }
  dispatcher_.wake_at(report.wake_at);
  publish(report.events);
  finish_stop_if_idle();
}

void Engine::publish(const std::vector<Event>& events) {
  if (const std::size_t thrown = hub_.publish(events); thrown > 0)
    diagnose(LogLevel::error, "subscribers to events threw " + std::to_string(thrown) + " times");
}

void Engine::begin(Claim claim) {
  auto run = std::make_shared<ActiveRun>(std::move(claim), hooks_);
  leave(run->key());
  active_[run->key()] = run;
  RunCompletion completion(run);
  if (run->has_waited_in_vain())
    return completion(Outcome::failure("signal_timeout", "no signal came before the deadline of the wait", false));
  if (ending_active_) {
    run->stop(StopReason::shutdown);
    return completion(Outcome::failure("interrupted", "the scheduler was stopping"));
  }
  const auto executor = registry_.find(run->spec().config.type);
  if (!executor)
    return completion(
        Outcome::failure("unknown_type", "no executor serves the type '" + run->spec().config.type + "'"));
  run->timeout_ticket = deadlines_.add(run->timeout(), [run = run.get()] {
    run->timeout_ticket.reset();
    run->stop(StopReason::timeout);
  });
  run->start_begins();
  try {
    if (auto refused = run->fill_config(options_.secrets, *executor)) {
      completion(std::move(*refused));
    } else {
      executor->start(run, std::move(completion));
    }
  } catch (...) {
    return run->start_ended(std::current_exception());
  }
  run->start_ended({});
}

/// Ends what the engine has to do with an attempt.
void Engine::leave(RunKey key) {
  const auto it = active_.find(key);
  if (it == active_.end()) return;
  if (it->second->timeout_ticket) deadlines_.remove(*it->second->timeout_ticket);
  active_.erase(it);
}

void Engine::end(const Ended& ended) {
  const auto it = active_.find(ended.run);
  if (it != active_.end() && it->second->fence() == ended.fence) leave(ended.run);
  if (ended.settled) tell_waiters(ended.run);
}

/// From the thread that completed the attempt straight to the lane: the strand hears of it after the commit.
void Engine::settle(Settlement settlement) {
  class Job final : public LaneJob {
   public:
    Job(std::weak_ptr<Engine> engine, Settlement what) : engine_(std::move(engine)), what_(std::move(what)) {}
    void apply(Ledger& ledger) override { taskcore::settle(ledger, what_); }
    void finish(const Error* failure) noexcept override {
      if (failure == nullptr || failure->code == Errc::stopped) return;
      if (auto engine = engine_.lock()) engine->settle_again(std::make_shared<Settlement>(std::move(what_)));
    }

   private:
    std::weak_ptr<Engine> engine_;
    Settlement what_;
  };
  lane_->submit_internal(std::make_unique<Job>(weak_from_this(), std::move(settlement)));
}

/// A store in trouble does not lose what has happened: the end of the attempt is kept and written when it is well
/// again.
void Engine::settle_again(std::shared_ptr<Settlement> settlement) {
  boost::asio::post(strand_, [self = shared_from_this(), settlement] {
    if (self->state_ == State::stopped) return;
    self->deadlines_.add(kSettleAgainAfter,
                         [engine = self.get(), settlement] { engine->settle(std::move(*settlement)); });
  });
}

void Engine::flush_lines() {
  lines_posted_ = false;
  std::vector<LogRow> lines;
  for (const auto& [key, run] : active_) {
    auto more = run->take_lines();
    lines.insert(lines.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  if (lines.empty()) return;
  lane_->call<void>(
      [lines = std::move(lines)](Ledger& ledger) -> Result<void> {
        check(ledger.store().append_logs(lines));
        return {};
      },
      [weak = weak_from_this()](Result<void> written) {
        if (auto self = weak.lock(); !written && self)
          self->diagnose(LogLevel::warn, "log lines were lost: " + written.error().detail);
      },
      true);
}

/// The first progress is told at once; what comes within the pause after it waits for the pause's end.
void Engine::tell_progress_soon() {
  if (state_ == State::stopped) return;
  const auto now = options_.clock->monotonic();
  const auto next = progress_told_at_ ? *progress_told_at_ + kProgressPause : now;
  if (now >= next) return tell_progress();
  deadlines_.add(std::chrono::ceil<Duration>(next - now), [this] { tell_progress(); });
}

/// Of runs that are active still, so none is told after its end.
void Engine::tell_progress() {
  progress_told_at_ = options_.clock->monotonic();
  progress_posted_ = false;
  std::vector<Event> events;
  for (const auto& [key, run] : active_) {
    const auto progress = run->take_progress();
    if (!progress) continue;
    Event event;
    event.type = Event::Type::run_progress;
    event.task_id = run->task_id();
    event.run_id = run->id();
    event.status = Status::running;
    event.at = options_.clock->now();
    event.progress = *progress;
    events.push_back(std::move(event));
  }
  publish(events);
}

// Waiting
// ----------------------------------------------------------------------------------------------------------------

Result<Run> Engine::read_run(RunKey key) {
  const TimePoint now = options_.clock->now();
  return readers_.with<Run>([&](StoreReader& reader) -> Result<Run> {
    const auto row = check(reader.find_run(key));
    const auto task = row ? check(reader.find_task(row->task)) : std::optional<TaskRow>{};
    if (!task) return no_such_run(run_id(key));
    return view_run(reader, *task, *row, now);
  });
}

void Engine::wait(RunKey key, Duration timeout, Reply<Run> done) {
  boost::asio::post(strand_,
                    [self = shared_from_this(), key, timeout, done = std::make_shared<Reply<Run>>(std::move(done))] {
                      if (self->state_ == State::stopped)
                        return (*done)(fail(Errc::stopped, "the scheduler has been stopped"));
                      auto waiter = std::make_shared<Waiter>(Waiter{std::move(*done), {}});
                      const auto place = self->waiters_.emplace(key, waiter);
                      waiter->ticket = self->deadlines_.add(timeout, [engine = self.get(), place, waiter] {
                        engine->waiters_.erase(place);
                        waiter->done(fail(Errc::timeout, "the run had not ended in time"));
                      });
                      // It may have ended before: the end is looked for after the waiter stands in line, so none is
                      // missed.
                      auto run = self->read_run(key);
                      if (run && !run->finished_at) return;
                      self->deadlines_.remove(waiter->ticket);
                      self->waiters_.erase(place);
                      waiter->done(std::move(run));
                    });
}

void Engine::tell_waiters(RunKey key) {
  const auto [first, last] = waiters_.equal_range(key);
  if (first == last) return;
  const auto run = read_run(key);
  std::vector<std::shared_ptr<Waiter>> told;
  for (auto it = first; it != last; ++it) told.push_back(it->second);
  waiters_.erase(first, last);
  for (const auto& waiter : told) {
    deadlines_.remove(waiter->ticket);
    waiter->done(Result<Run>(run));
  }
}

// Stopping
// ---------------------------------------------------------------------------------------------------------------

void Engine::stop(Duration grace, Reply<void> done) {
  boost::asio::post(strand_, [self = shared_from_this(), grace, done = std::make_shared<Reply<void>>(std::move(done))] {
    self->begin_stop(grace, std::move(*done));
  });
}

void Engine::begin_stop(Duration grace, Reply<void> done) {
  if (state_ == State::stopped) return done(Result<void>());
  stop_replies_.push_back(std::move(done));
  if (state_ == State::stopping) return;
  state_ = State::stopping;
  for (auto& reply : std::exchange(start_replies_, {})) reply(fail(Errc::stopped, "the scheduler has been stopped"));
  dispatcher_.stop();
  janitor_.stop();
  grace_ticket_ = deadlines_.add(grace, [this] {
    grace_ticket_.reset();
    stop_active();
  });
  set_claiming(false, [this] {
    claims_stopped_ = true;
    finish_stop_if_idle();
  });
}

void Engine::hurry() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    if (self->state_ == State::stopping) self->stop_active();
  });
}

/// The grace is over: what still runs is ended, and left to be recovered when it does not even answer that.
void Engine::stop_active() {
  if (std::exchange(ending_active_, true)) return;
  Duration patience{2000};
  for (const auto& [key, run] : active_) {
    patience = std::max(patience, run->kill_grace() + Duration(3000));
    run->stop(StopReason::shutdown);
  }
  deadlines_.add(patience, [this] {
    if (state_ != State::stopping) return;
    diagnose(LogLevel::warn,
             std::to_string(active_.size()) + " runs did not end when asked to; they are recovered at the next start");
    finish_stop();
  });
}

void Engine::finish_stop_if_idle() {
  if (state_ == State::stopping && claims_stopped_ && active_.empty()) finish_stop();
}

void Engine::finish_stop() {
  state_ = State::stopped;
  const bool all_ended = std::exchange(active_, {}).empty();  // their deadlines go, so nobody may ask for them again
  deadlines_.close();
  lease_keeper_.stop();
  for (auto& [key, waiter] : std::exchange(waiters_, {}))
    waiter->done(fail(Errc::stopped, "the scheduler has been stopped"));
  // With runs left behind the lease is left to run out: that is how other nodes learn of them.
  if (!exclusive_ && all_ended) {
    lane_->call<void>(
        [](Ledger& ledger) -> Result<void> {
          check(ledger.store().remove_node(ledger.node()));
          return {};
        },
        [](Result<void>) {}, true);
  }
  // Whoever is told may take the executor down, and with it all that timers stand on: they and this hold on the engine
  // go before.
  dispatcher_.stop();
  janitor_.stop();
  line_timer_.reset();
  auto close = [self = shared_from_this()]() mutable {
    self->abandon();
    auto replies = std::exchange(self->stop_replies_, {});
    self.reset();
    for (auto& reply : replies) reply(Result<void>());
  };
  // Closing waits for the disk: not on the host's executor.
  if (options_.store_inline) return boost::asio::post(strand_, std::move(close));
  closer_ = std::thread(std::move(close));
}

void Engine::abandon() noexcept {
  if (closed_.exchange(true)) return;
  readers_.close();
  lane_->close();
  registry_.stop_all();
}

}  // namespace taskcore
