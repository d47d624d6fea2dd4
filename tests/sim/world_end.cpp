// How a simulated world comes to rest, and what is checked then and on the way.
#include "model/ids.hpp"
#include "sim/audit.hpp"
#include "sim/world.hpp"

namespace taskcore::sim {

void World::end_faults() {
  faults_.faults.on = false;
  for (Node& node : nodes_) node.still_until = {};
}

void World::behave() {
  behaving_ = true;
  for (Node& node : nodes_) {
    if (node.attempts) node.attempts->behave();
  }
}

/// Until nothing is left to do at this instant.
void World::work_off() {
  bool moved = true;
  while (moved && !failed()) {
    ensure_alive();
    moved = false;
    for (Node& node : nodes_) {
      work(node, 1000000);
      if (node.host && !node.stopped) moved |= node.attempts->move_on();
    }
  }
}

void World::live_through(Duration time) {
  constexpr int kTooOften = 10000;
  const Duration end = monotonic() + time;
  int idle = 0;
  while (monotonic() < end && !failed()) {
    work_off();
    const Duration by = std::clamp(clock_->next_timer().value_or(time), Duration(0), Duration(60000));
    clock_->advance(by);
    idle = by > Duration(0) ? 0 : idle + 1;
    if (idle > kTooOften) trace_.violation("a timer is due again and again");
  }
  work_off();
  for (const Node& node : nodes_) {
    if (!node.started) trace_.violation("the scheduler does not start");
  }
}

/// Keys hold up much of what is ready.
void World::narrow_queues() {
  Scheduler& scheduler = nodes_.front().host->scheduler();
  for (const char* name : {"default", "narrow", "pair"}) {
    const Rate rate{chance_.between(1, 2), chance_.ms(1000, 60000)};
    if (!scheduler.put_queue({.name = name, .key_rate = rate}))
      trace_.violation(std::string("a queue cannot be set: ") + name);
  }
}

/// Nothing holds up what is ready but the number of slots.
void World::free_queues() {
  Scheduler& scheduler = nodes_.front().host->scheduler();
  for (const char* name : {"default", "narrow", "pair"}) {
    if (!scheduler.put_queue({.name = name})) trace_.violation(std::string("a queue cannot be set: ") + name);
  }
}

/// Some would wait forever.
void World::signal_all() {
  Scheduler& scheduler = nodes_.front().host->scheduler();
  for (const RunKey id : std::set(shadow_.live())) {
    if (shadow_.find_run(id)->reason == "signal" && !scheduler.signal(run_id(id)))
      trace_.violation("a run that waits cannot be signalled: " + run_id(id));
  }
}

void World::pause_all() {
  Scheduler& scheduler = nodes_.front().host->scheduler();
  for (const auto& [key, task] : std::map(shadow_.tasks())) {
    if (!task.deleted && !scheduler.pause(task.id)) trace_.violation("a task cannot be paused: " + task.id);
  }
}

void World::audit() {
  for (Node& node : nodes_) audit(node);
}

void World::audit(Node& node) {
  if (!node.serves() || failed()) return;
  const bool on = std::exchange(faults_.faults.on, false);
  trace_.note("audit");
  shadow_.compare(node.store->inner());
  check_file();
  check_stats(node.host->scheduler(), shadow_, trace_);
  for (const auto& [key, task] : shadow_.tasks()) {
    if (!task.deleted) check_log_pages(node.host->scheduler(), task.id, 1 + static_cast<std::size_t>(key) % 7, trace_);
  }
  faults_.faults.on = on;
}

/// That the rows of a file agree with each other.
void World::check_file() {
  if (kind_ != StoreKind::sqlite && kind_ != StoreKind::power_cut) return;
  const auto found = check_sqlite(dir_.file("sim.db"));
  if (!found) return trace_.violation("the file cannot be examined: " + found.error().detail);
  if (!found->problems.empty()) trace_.violation("the file is not sound: " + found->problems.front());
}

void World::check_settled() { sim::check_settled(shadow_, clock_->now(), trace_); }
/// Other nodes of a shared store look at it at their own times.
void World::check_nothing_waits() {
  work_off();
  if (!shared() && !failed()) shadow_.check_nothing_waits(clock_->now());
}
void World::check_overdue() { check_nothing_overdue(shadow_, clock_->now(), trace_); }

void World::fill(Report& report) const {
  report.violation = trace_.violation();
  report.trace = trace_.text();
  report.hash = trace_.hash();
  report.tasks = shadow_.tasks().size();
  report.runs = shadow_.runs().size();
  report.attempts = stage_.size();
  report.lives = lives_;
  report.faults = faults_.injected;
  report.answers = users_.answers();
}

}  // namespace taskcore::sim
