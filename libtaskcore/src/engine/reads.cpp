#include "engine/reads.hpp"

#include <algorithm>
#include <unordered_map>

#include "engine/due.hpp"
#include "engine/log_view.hpp"
#include "engine/queues.hpp"
#include "engine/runs.hpp"
#include "engine/tasks.hpp"
#include "engine/views.hpp"
#include "engine/workflow.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

Result<void> check_limit(std::size_t limit) {
  if (limit >= 1 && limit <= 1000) return {};
  return invalid("/limit", "must be from 1 to 1000");
}

/// The pages' own errors (a bad cursor) are the caller's, not the store's.
template <class T>
Result<Page<T>> page_or_throw(Result<Page<T>> page) {
  if (!page && page.error().code != Errc::invalid) throw StoreFailure{page.error()};
  return page;
}

bool is_visible(const TaskRow& task, std::string_view user) {
  return user.empty() || task.created_by == user ||
         std::find(task.assigned_to.begin(), task.assigned_to.end(), user) != task.assigned_to.end();
}

}  // namespace

Result<Task> read_task(Engine& engine, std::string_view id) {
  return engine.readers().with<Task>([&](StoreReader& reader) -> Result<Task> {
    const auto row = check(reader.find_task(id));
    if (!row) return no_such_task(id);
    return view_task(reader, *row, engine.clock()->now());
  });
}

Result<Run> read_run(Engine& engine, std::string_view id) {
  const auto key = parse_run_id(id);
  return key ? engine.read_run(*key) : Result<Run>(no_such_run(id));
}

Result<Page<Task>> read_tasks(Engine& engine, const TaskQuery& query) {
  if (auto limit = check_limit(query.limit); !limit) return limit.error();
  return engine.readers().with<Page<Task>>([&](StoreReader& reader) -> Result<Page<Task>> {
    auto rows = page_or_throw(reader.page_tasks(query));
    if (!rows) return rows.error();
    Page<Task> out;
    out.next_cursor = std::move(rows->next_cursor);
    for (const TaskRow& row : rows->items) out.items.push_back(view_task(reader, row, engine.clock()->now()));
    return out;
  });
}

Result<std::vector<std::string>> read_dependents(Engine& engine, std::string_view id, std::string_view visible_to,
                                                 std::size_t limit) {
  using Ids = std::vector<std::string>;
  return engine.readers().with<Ids>([&](StoreReader& reader) -> Result<Ids> {
    const auto task = check(reader.find_task(id));
    if (!task) return no_such_task(id);
    Ids out;
    for (const TaskKey key : check(reader.dependents(task->key))) {
      if (out.size() == limit) break;
      auto row = check(reader.find_task(key));
      if (row && !row->deleted && is_visible(*row, visible_to)) out.push_back(std::move(row->id));
    }
    return out;
  });
}

Result<Page<Run>> read_runs(Engine& engine, const RunQuery& query) {
  if (auto limit = check_limit(query.limit); !limit) return limit.error();
  if (!query.item_of.empty() && !parse_run_id(query.item_of)) return invalid("/itemOf", "must be the id of a run");
  return engine.readers().with<Page<Run>>([&](StoreReader& reader) -> Result<Page<Run>> {
    TaskKey key = 0;
    if (!query.task_id.empty()) {
      const auto task = check(reader.find_task(query.task_id));
      if (!task) return no_such_task(query.task_id);
      key = task->key;
    }
    auto rows = page_or_throw(reader.page_runs(key, query));
    if (!rows) return rows.error();
    Page<Run> out;
    out.next_cursor = std::move(rows->next_cursor);
    struct Owner {
      std::optional<TaskRow> row{};
      std::optional<TriggerRule> rule{};  // read when a run of it waits
    };
    std::unordered_map<TaskKey, Owner> tasks;
    for (const RunRow& row : rows->items) {
      auto [it, fresh] = tasks.try_emplace(row.task);
      Owner& task = it->second;
      if (fresh) task.row = check(reader.find_task(row.task));
      if (!task.row) continue;
      if (waits_for_dependencies(row) && !task.rule) task.rule = rule_of(*task.row);
      const TriggerRule rule = task.rule.value_or(TriggerRule::all_completed);
      out.items.push_back(view_run(reader, *task.row, rule, row, engine.clock()->now()));
    }
    return out;
  });
}

Result<Page<LogEntry>> read_logs(Engine& engine, const LogQuery& query) {
  return engine.readers().with<Page<LogEntry>>([&](StoreReader& reader) -> Result<Page<LogEntry>> {
    RunKey run_key = 0;
    std::optional<TaskRow> task;
    if (!query.run_id.empty()) {
      const auto key = parse_run_id(query.run_id);
      const auto run = key ? check(reader.find_run(*key)) : std::optional<RunRow>{};
      if (run) task = check(reader.find_task(run->task));
      if (!task || (!query.task_id.empty() && task->id != query.task_id)) return no_such_run(query.run_id);
      run_key = *key;
    } else {
      task = check(reader.find_task(query.task_id));
      if (!task) return no_such_task(query.task_id);
    }
    return page_logs(reader, *task, run_key, query);
  });
}

Result<WorkflowRun> read_workflow(Engine& engine, const std::string& id) {
  return engine.readers().with<WorkflowRun>(
      [&](StoreReader& reader) { return view_workflow(reader, id, engine.clock()->now()); });
}

Result<Calendar> read_calendar(Engine& engine, std::string_view name) {
  return engine.readers().with<Calendar>([&](StoreReader& reader) -> Result<Calendar> {
    const auto row = check(reader.find_calendar(name));
    return row ? decode_calendar(*row) : Result<Calendar>(no_such_calendar(name));
  });
}

Result<std::vector<Queue>> read_queues(Engine& engine) {
  return engine.readers().with<std::vector<Queue>>(
      [&](StoreReader& reader) -> Result<std::vector<Queue>> { return list_queues(reader, engine.options()); });
}

Result<Page<Calendar>> read_calendars(Engine& engine, const CalendarQuery& query) {
  if (auto limit = check_limit(query.limit); !limit) return limit.error();
  return engine.readers().with<Page<Calendar>>([&](StoreReader& reader) -> Result<Page<Calendar>> {
    const auto rows = check(reader.calendars(query.cursor, query.limit + 1));
    Page<Calendar> out;
    for (const CalendarRow& row : rows) {
      if (out.items.size() == query.limit) {
        out.next_cursor = out.items.back().name;
        break;
      }
      out.items.push_back(check(decode_calendar(row)));
    }
    return out;
  });
}

Result<Page<AuditEntry>> read_audit(Engine& engine, const AuditQuery& query) {
  if (auto limit = check_limit(query.limit); !limit) return limit.error();
  return engine.readers().with<Page<AuditEntry>>(
      [&](StoreReader& reader) { return page_or_throw(reader.page_audit(query)); });
}

Result<Stats> read_stats(Engine& engine, std::string_view visible_to) {
  return engine.readers().with<Stats>(
      [&](StoreReader& reader) { return reader.stats(visible_to, engine.clock()->now()); });
}

Result<Usage> read_usage(Engine& engine, std::string_view created_by) {
  return engine.readers().with<Usage>([&](StoreReader& reader) { return reader.usage(created_by); });
}

Result<std::vector<TimePoint>> read_next(Engine& engine, std::string_view id, std::size_t count) {
  if (count < 1 || count > 10000) return invalid("/count", "must be from 1 to 10,000");
  using Instants = std::vector<TimePoint>;
  return engine.readers().with<Instants>([&](StoreReader& reader) -> Result<Instants> {
    const auto row = check(reader.find_task(id));
    if (!row) return no_such_task(id);
    if (!row->state.next_due) return Instants{};
    const auto definition = check(make_definition(*row, calendars_of(reader)));
    const std::size_t left = runs_left(definition->spec(), row->state.schedule_runs);
    return definition->schedule.next(*row->state.next_due - Duration(1), std::min(count, left));
  });
}

}  // namespace taskcore
