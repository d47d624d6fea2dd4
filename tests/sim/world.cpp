#include "sim/world.hpp"

#include "model/ids.hpp"

namespace taskcore::sim {
namespace {

Options some_options(Chance chance) {
  Options options;
  options.max_concurrent = chance.between(1, 8);
  options.queues = {{"narrow", 1}, {"pair", 2}};
  options.default_max_retries = chance.between(0, 3);
  options.default_timeout = chance.ms(1000, 120000);
  options.scheduler_interval = chance.of({Duration(1000), Duration(60000), Duration(3600000)});
  options.retention.runs = chance.of({Duration(0), Duration(600000), Duration(7200000)});
  options.retention.logs = chance.of({Duration(0), Duration(1200000)});
  options.retention.keep_newest = chance.below(3);
  options.scripts = false;
  return options;
}

Faults some_faults(Chance chance) {
  Faults faults;
  faults.refused = chance.of({0U, 60U, 400U, 3000U});
  faults.unknown = chance.of({0U, 15U, 100U, 400U});
  faults.crash = chance.of({0U, 400U, 2000U, 8000U});
  return faults;
}

}  // namespace

/// The engine's own diagnostics: trouble with the store must be of our making.
class World::Diagnostics final : public Logger {
 public:
  explicit Diagnostics(Trace& trace) : trace_(trace) {}
  void write(LogLevel level, std::string_view, std::string_view message) override {
    trace_.note("says " + std::string(message));
    if (level == LogLevel::error && message.find(kInjected) == std::string_view::npos)
      trace_.violation(std::string(message));
  }

 private:
  Trace& trace_;
};

World::World(const Setup& setup)
    : chance_(setup.seed, 2),
      attempt_chance_(setup.seed, 3),
      user_chance_(setup.seed, 4),
      options_(some_options(Chance(setup.seed, 5))),
      kind_(setup.store),
      shadow_(trace_, *clock_, options_),
      faults_{Chance(setup.seed, 6), trace_, shadow_, some_faults(Chance(setup.seed, 7))},
      users_(user_chance_, trace_, shadow_, *clock_) {
  options_.logger = std::make_shared<Diagnostics>(trace_);
}

World::~World() { bury(); }

std::unique_ptr<Store> World::open_store() {
  if (kind_ == StoreKind::memory) return memory(database_);
  return sqlite(SqliteOptions{.path = dir_.file("sim.db"), .full_sync = false});
}

void World::boot() {
  if (++lives_ > 1 && !behaving_ && chance_.one_in(3))
    advance(chance_.of({Duration(5000), Duration(60000), Duration(7200000)}));
  trace_.note("boot");
  auto store = std::make_unique<FaultyStore>(open_store(), faults_);
  store_ = store.get();
  attempts_ = std::make_shared<Attempts>(attempt_chance_, trace_, shadow_, *clock_, begun_);
  if (behaving_) attempts_->behave();
  host_ = std::make_unique<testing::ManualHost>(
      testing::ManualHostOptions{std::move(store), options_, clock_, chance_.draw()});
  host_->scheduler().executor(attempts_);
  last_event_ = 0;
  subscription_ = host_->scheduler().on_event([this](const Event& event) {
    trace_.note("event " + std::string(to_string(event.type)) + " " + event.run_id);
    if (event.seq <= last_event_) trace_.violation("events are out of order");
    last_event_ = event.seq;
    if (event.type != Event::Type::run_settled) return;
    const RunKey id = parse_run_id(event.run_id).value();
    const RunRow* run = shadow_.find_run(id);
    if (run != nullptr ? !is_settled(run->state) : !shadow_.knows_run(id)) {
      trace_.violation("an end was told that is not durable: " + event.run_id);
    }
  });
}

/// The process is gone, and with it all that it held.
void World::bury() {
  host_.reset();
  subscription_.reset();
  attempts_.reset();
  store_ = nullptr;
  starting_ = started_ = stopping_ = stopped_ = false;
}

void World::start() {
  starting_ = true;
  host_->scheduler().async_start([this](Result<void> answer) {
    starting_ = false;
    started_ = answer.has_value();
    trace_.note(started_ ? "started" : "start refused");
    const bool excused = !answer && (stopping_ || answer.error().detail.starts_with(kInjected));
    if (!started_ && !excused) trace_.violation("start gave " + answer.error().detail);
  });
}

void World::ensure_alive() {
  if (stopped_) bury();
  if (!host_) boot();
  if (!started_ && !starting_ && !stopping_) start();
}

// Moves.

void World::ask() { users_.ask(host_->scheduler()); }

bool World::work_once() {
  try {
    return host_->step();
  } catch (const Crash&) {
    die();
    return false;
  }
}

void World::work(int handlers) {
  while (handlers-- > 0 && host_ && !stopped_ && work_once() && !failed()) {
  }
}

void World::move_attempts() { attempts_->move_on(); }

void World::advance(Duration by) {
  trace_.note("advance " + std::to_string(by.count()));
  clock_->advance(by);
}

/// To the moment when something is to happen, and its happening.
void World::advance_to_next() {
  Duration by = clock_->next_timer().value_or(Duration(1000));
  if (const auto end = attempts_->next_end()) {
    by = std::min(by, *end - std::chrono::duration_cast<Duration>(clock_->monotonic()));
  }
  advance(std::clamp(by, Duration(0), Duration(600000)));
  attempts_->move_on();
  work(chance_.between(1, 30));
}

void World::jump(Duration by) {
  trace_.note("jump " + std::to_string(by.count()));
  clock_->jump(by);
}

void World::stop(Duration grace) {
  if (stopping_) return;
  trace_.note("stop within " + std::to_string(grace.count()));
  stopping_ = true;
  host_->scheduler().async_stop(grace, [this](Result<void> answer) {
    stopped_ = true;
    trace_.note("stopped");
    if (!answer) trace_.violation("stop gave " + answer.error().detail);
  });
}

void World::die() {
  trace_.note("dies");
  bury();
}

}  // namespace taskcore::sim
