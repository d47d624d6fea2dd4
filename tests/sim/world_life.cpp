// How processes come, work and go on the nodes of a world.
#include "model/ids.hpp"
#include "sim/world.hpp"

namespace taskcore::sim {

void World::boot(Node& node) {
  if (++lives_ > 1 && !behaving_ && !shared() && chance_.one_in(3))
    advance(chance_.of({Duration(5000), Duration(60000), Duration(7200000)}));
  trace_.note("boot node " + std::to_string(node.number));
  auto store = std::make_unique<FaultyStore>(open_store(), faults_);
  node.store = store.get();
  node.attempts = std::make_shared<Attempts>(attempt_chance_, trace_, shadow_, *clock_, stage_, node.number);
  if (behaving_) node.attempts->behave();
  node.host = std::make_unique<testing::ManualHost>(
      testing::ManualHostOptions{std::move(store), options_, clock_, chance_.draw()});
  node.host->scheduler().executor(node.attempts);
  node.last_event = 0;
  node.subscription = node.host->scheduler().on_event([this, &node](const Event& event) { heard(node, event); });
}

void World::heard(Node& node, const Event& event) {
  trace_.note("event " + std::string(to_string(event.type)) + " " + event.run_id);
  if (event.seq <= node.last_event) trace_.violation("events are out of order");
  node.last_event = event.seq;
  if (event.type != Event::Type::run_settled) return;
  const RunKey id = parse_run_id(event.run_id).value();
  const RunRow* run = shadow_.find_run(id);
  if (run != nullptr ? !is_settled(run->state) : !shadow_.knows_run(id)) {
    trace_.violation("an end was told that is not durable: " + event.run_id);
  }
}

void World::start(Node& node) {
  node.starting = true;
  node.host->scheduler().async_start([this, &node](Result<void> answer) {
    node.starting = false;
    node.started = answer.has_value();
    trace_.note(node.started ? "started" : "start refused");
    const bool excused = !answer && (node.stopping || answer.error().detail.starts_with(kInjected));
    if (!node.started && !excused) trace_.violation("start gave " + answer.error().detail);
  });
}

void World::ensure_alive(Node& node) {
  if (stands_still(node)) return;
  if (node.stopped) node.bury();
  if (!node.host) boot(node);
  if (!node.started && !node.starting && !node.stopping) start(node);
}

void World::ensure_alive() {
  for (Node& node : nodes_) ensure_alive(node);
}

/// On a shared store it may take a time until another process takes the place.
void World::die(Node& node) {
  trace_.note("node " + std::to_string(node.number) + " dies");
  if (disk_) disk_->go_dark();
  node.bury();
  if (disk_) disk_->restore(chance_.draw());
  if (shared() && !behaving_)
    node.still_until = monotonic() + chance_.of({Duration(0), Duration(1000), Duration(20000), Duration(60000)});
}

bool World::work_once(Node& node) {
  try {
    return node.host->step();
  } catch (const Crash&) {
    die(node);
    return false;
  }
}

void World::work(Node& node, int handlers) {
  while (handlers-- > 0 && node.host && !node.stopped && work_once(node) && !failed()) {
  }
}

}  // namespace taskcore::sim
