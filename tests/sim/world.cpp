// How a world is made, and the moves in it.
#include "sim/world.hpp"

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

Faults some_faults(Chance chance, const Setup& setup) {
  Faults faults;
  faults.refused = chance.of({0U, 60U, 400U, 3000U});
  faults.unknown = chance.of({0U, 15U, 100U, 400U});
  faults.crash = chance.of({0U, 400U, 2000U, 8000U});
  faults.slow = chance.of({0U, 30U, 300U});
  if (!setup.has(Spice::refused)) faults.refused = 0;
  if (!setup.has(Spice::unknown)) faults.unknown = 0;
  if (!setup.has(Spice::crash)) faults.crash = 0;
  if (!setup.has(Spice::slow)) faults.slow = 0;
  if (setup.loses_ends) faults.lost_end = 40;
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
      shadow_(trace_, options_, stage_, setup.store == StoreKind::shared),
      faults_{Chance(setup.seed, 6), trace_, shadow_, *clock_, some_faults(Chance(setup.seed, 7), setup)},
      users_(user_chance_, trace_, shadow_, *clock_, setup) {
  options_.logger = std::make_shared<Diagnostics>(trace_);
  if (kind_ == StoreKind::power_cut) disk_ = std::make_unique<power::PowerCutVfs>();
  if (setup.has(Spice::drift)) clock_->drift(Chance(setup.seed, 9).of({0, 0, 200, -200, 5000, -5000, 30000, -30000}));
  const bool third = Chance(setup.seed, 8).one_in(3);
  nodes_.resize(kind_ != StoreKind::shared ? 1 : third ? 3 : 2);
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].number = static_cast<int>(i);
}

World::~World() {
  for (Node& node : nodes_) node.bury();
}

std::unique_ptr<Store> World::open_store() {
  if (kind_ == StoreKind::memory || kind_ == StoreKind::shared) return memory(database_, kind_ == StoreKind::shared);
  return sqlite(SqliteOptions{.path = dir_.file("sim.db"), .full_sync = kind_ == StoreKind::power_cut});
}

/// When all stand still one of them goes on.
Node& World::some_node() {
  if (nodes_.size() == 1) return nodes_.front();
  std::vector<Node*> awake;
  for (Node& node : nodes_) {
    if (!stands_still(node)) awake.push_back(&node);
  }
  if (!awake.empty()) return *chance_.pick(awake);
  Node& node = nodes_[chance_.below(nodes_.size())];
  node.still_until = {};
  ensure_alive(node);
  return node;
}

void World::ask() {
  Node& node = some_node();
  try {
    users_.ask(node.host->scheduler());
  } catch (const Crash&) {  // a read may be what opens the store
    die(node);
  }
}

void World::work(int handlers) { work(some_node(), handlers); }

void World::move_attempts() { some_node().attempts->move_on(); }

void World::advance(Duration by) {
  trace_.note("advance " + std::to_string(by.count()));
  clock_->advance(by);
}

/// To the moment when something is to happen, and its happening.
void World::advance_to_next() {
  Node& first = some_node();
  Duration by = clock_->next_timer().value_or(Duration(1000));
  for (const Node& node : nodes_) {
    if (stands_still(node)) {
      by = std::min(by, node.still_until - monotonic());
    } else if (node.host) {
      if (const auto end = node.attempts->next_end()) by = std::min(by, *end - monotonic());
    }
  }
  advance(std::clamp(by, Duration(0), Duration(600000)));
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[(static_cast<std::size_t>(first.number) + i) % nodes_.size()];
    if (stands_still(node) || !node.host) continue;
    node.attempts->move_on();
    work(node, chance_.between(1, 30));
  }
}

void World::jump(Duration by) {
  trace_.note("jump " + std::to_string(by.count()));
  clock_->jump(by);
  if (by < Duration(0)) set_back_ -= by;
}

void World::stop(Duration grace) {
  Node& node = some_node();
  if (node.stopping) return;
  trace_.note("stop node " + std::to_string(node.number) + " within " + std::to_string(grace.count()));
  node.stopping = true;
  node.host->scheduler().async_stop(grace, [this, &node](Result<void> answer) {
    node.stopped = true;
    trace_.note("stopped");
    if (!answer) trace_.violation("stop gave " + answer.error().detail);
  });
}

void World::die() { die(some_node()); }

/// As a machine that is suspended, or a process that got SIGSTOP: it goes on later as if nothing had been.
void World::stand_still(Duration time) {
  Node& node = some_node();
  trace_.note("node " + std::to_string(node.number) + " stands still for " + std::to_string(time.count()));
  node.still_until = monotonic() + time;
}

}  // namespace taskcore::sim
