// How a simulated world comes to rest, and what is checked then and on the way.
#include "sim/audit.hpp"
#include "sim/world.hpp"

namespace taskcore::sim {

void World::behave() {
  faults_.faults.on = false;
  behaving_ = true;
  if (attempts_) attempts_->behave();
}

void World::live_through(Duration time) {
  const auto end = clock_->monotonic() + time;
  while (clock_->monotonic() < end && !failed()) {
    ensure_alive();
    work(1000000);
    if (!host_ || stopped_) continue;
    const Duration step = std::clamp(clock_->next_timer().value_or(time), Duration(0), Duration(60000));
    clock_->advance(step);
    if (attempts_->move_on() || step.count() > 0) continue;
    work(1000000);
  }
  ensure_alive();
  work(1000000);
  if (!started_) trace_.violation("the scheduler does not start");
}

void World::pause_all() {
  for (const auto& [key, task] : std::map(shadow_.tasks())) {
    if (!task.deleted && !host_->scheduler().pause(task.id)) trace_.violation("a task cannot be paused: " + task.id);
  }
}

void World::audit() {
  if (!host_ || !started_ || stopping_ || !store_->is_open() || failed()) return;
  const bool on = std::exchange(faults_.faults.on, false);
  trace_.note("audit");
  shadow_.compare(store_->inner());
  check_stats(host_->scheduler(), shadow_, trace_);
  for (const auto& [key, task] : shadow_.tasks()) {
    if (!task.deleted) check_log_pages(host_->scheduler(), task.id, 1 + static_cast<std::size_t>(key) % 7, trace_);
  }
  faults_.faults.on = on;
}

void World::check_settled() { sim::check_settled(shadow_, trace_); }
void World::check_overdue() { check_nothing_overdue(shadow_, clock_->now(), trace_); }

void World::fill(Report& report) const {
  report.violation = trace_.violation();
  report.trace = trace_.text();
  report.hash = trace_.hash();
  report.tasks = shadow_.tasks().size();
  report.runs = shadow_.runs().size();
  report.attempts = begun_.size();
  report.lives = lives_;
  report.faults = faults_.injected;
  report.answers = users_.answers();
}

}  // namespace taskcore::sim
