#include "sim/audit.hpp"

#include <numeric>

#include "model/ids.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {
namespace {

constexpr Duration kPatience{5000};

std::vector<std::string> log_lines(Scheduler& scheduler, const std::string& task_id, std::size_t limit, Trace& trace) {
  std::vector<std::string> lines;
  LogQuery query;
  query.task_id = task_id;
  query.limit = limit;
  do {
    const auto page = scheduler.logs(query);
    if (!page) {
      trace.violation("the log of " + task_id + " gave " + page.error().detail);
      return lines;
    }
    for (const LogEntry& entry : page->items) {
      lines.push_back(format_time(entry.timestamp) + " " + entry.run_id + " " + std::to_string(entry.attempt) + " " +
                      entry.message);
    }
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  return lines;
}

/// Each stored line has a number of its own.
bool has_twins(std::vector<std::string> lines) {
  std::erase_if(lines, [](const std::string& line) { return line.find(" line ") == std::string::npos; });
  std::sort(lines.begin(), lines.end());
  return std::adjacent_find(lines.begin(), lines.end()) != lines.end();
}

Status status_of(const TaskState& state) {
  if (state.running > 0) return Status::running;
  return state.live > 0 || state.last_settled == 0 ? Status::pending : state.last_status;
}

}  // namespace

void check_stats(Scheduler& scheduler, const Shadow& shadow, Trace& trace) {
  const auto stats = scheduler.stats();
  if (!stats) return trace.violation("the statistics gave " + stats.error().detail);
  Stats seen;
  for (const auto& [key, task] : shadow.tasks()) {
    if (task.deleted) continue;
    ++seen.total;
    ++seen.by_status[static_cast<std::size_t>(status_of(task.state))];
    ++seen.by_priority[static_cast<std::size_t>(task.priority)];
    seen.scheduled += task.state.next_due && !task.paused ? 1 : 0;
  }
  const auto by_type = stats->by_type.contains("sim") ? stats->by_type.at("sim") : 0;
  const bool equal = stats->total == seen.total && stats->by_status == seen.by_status && by_type == seen.total &&
                     stats->by_priority == seen.by_priority && stats->scheduled == seen.scheduled &&
                     stats->running == seen.by_status[static_cast<std::size_t>(Status::running)];
  if (!equal) trace.violation("the statistics are not those of the tasks");
}

void check_log_pages(Scheduler& scheduler, const std::string& task_id, std::size_t limit, Trace& trace) {
  const auto small = log_lines(scheduler, task_id, limit, trace);
  const auto large = log_lines(scheduler, task_id, 1000, trace);
  if (small != large)
    trace.violation("pages of " + std::to_string(limit) + " lines hold another log than one page: " + task_id);
  if (has_twins(large)) trace.violation("a log holds a line twice: " + task_id);
}

void check_settled(const Shadow& shadow, TimePoint now, Trace& trace) {
  std::set<TaskKey> waiting;
  for (const RunKey id : shadow.live()) {
    const RunRow& run = *shadow.find_run(id);
    if (run.state == RunState::waiting && run.items == 0) waiting.insert(shadow.find_run(id)->task);
  }
  for (const RunKey id : shadow.live()) {
    const RunRow& run = *shadow.find_run(id);
    const bool excused = run.state == RunState::waiting
                             ? run.items == 0 && shadow.gate_of(run, now) == Shadow::Gate::shut
                             : run.state == RunState::held && waiting.contains(run.task);
    if (!excused) trace.violation("a run never settles: " + store_test::text(run));
  }
}

void check_nothing_overdue(const Shadow& shadow, TimePoint now, Trace& trace) {
  for (const auto& [key, task] : shadow.tasks()) {
    if (task.deleted || task.paused || !task.state.next_due || *task.state.next_due > now) continue;
    trace.violation("an instant passed and nothing happened: " + store_test::text(task));
  }
  for (const RunKey id : shadow.live()) {
    const RunRow& run = *shadow.find_run(id);
    if (run.state == RunState::ready && run.ready_at + kPatience < now)
      trace.violation("a run may start and does not: " + store_test::text(run));
  }
}

}  // namespace taskcore::sim
