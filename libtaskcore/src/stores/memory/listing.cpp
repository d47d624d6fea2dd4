// Pages and counts: walks over the rows in key order, with the filters of the query.
#include <algorithm>
#include <limits>

#include "../cursor.hpp"
#include "../run_tally.hpp"
#include "finder.hpp"
#include "model/ids.hpp"
#include "model/status.hpp"
#include "model/text.hpp"

namespace taskcore::memory_store {
namespace {

bool contains_text(std::string_view where, std::string_view what) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(where.begin(), where.end(), what.begin(), what.end(), same) != where.end();
}

template <class Value>
bool any_of(const std::vector<Value>& filter, const Value& value) {
  return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
}

bool any_of(const std::vector<std::string>& filter, const std::vector<std::string>& values) {
  return filter.empty() ||
         std::find_first_of(values.begin(), values.end(), filter.begin(), filter.end()) != values.end();
}

bool matches(const TaskQuery& query, const TaskRow& task) {
  if (task.deleted || !sees(query.visible_to, task)) return false;
  if (!any_of(query.status, status_of(task.state)) || !any_of(query.type, task.type)) return false;
  if (!any_of(query.priority, task.priority) || !any_of(query.created_by, task.created_by)) return false;
  if (!any_of(query.tag, task.tags) || !any_of(query.assigned_to, task.assigned_to)) return false;
  return query.text.empty() || contains_text(task.id, query.text) || contains_text(task.name, query.text) ||
         contains_text(task.description, query.text);
}

bool is_between(const std::optional<TimePoint>& at, const std::optional<TimePoint>& from,
                const std::optional<TimePoint>& before) {
  return (!from || (at && *at >= *from)) && (!before || (at && *at < *before));
}

bool matches(const RunQuery& query, const RunRow& run) {
  return any_of(query.status, status_of(run.state)) && any_of(query.trigger, run.trigger) &&
         is_between(run.created_at, query.created_after, query.created_before) &&
         is_between(run.finished_at, query.finished_after, query.finished_before) &&
         run.item_of == (query.item_of.empty() ? 0 : parse_run_id(query.item_of).value_or(-1));
}

auto first_from(const std::vector<RunKey>& ids, RunKey id) { return std::lower_bound(ids.begin(), ids.end(), id); }
auto first_from(const std::set<RunKey>& ids, RunKey id) { return ids.lower_bound(id); }
auto first_above(const std::vector<RunKey>& ids, RunKey id) { return std::upper_bound(ids.begin(), ids.end(), id); }
auto first_above(const std::set<RunKey>& ids, RunKey id) { return ids.upper_bound(id); }

/// Calls `visit(id)` for the ids beyond `start`, in the query's order, until it gives false.
template <class Ids, class Visit>
void walk(const Ids& ids, bool oldest_first, RunKey start, Visit visit) {
  if (oldest_first) {
    for (auto id = first_above(ids, start); id != ids.end() && visit(*id); ++id) {
    }
  } else {
    for (auto id = std::make_reverse_iterator(first_from(ids, start)); id != ids.rend() && visit(*id); ++id) {
    }
  }
}

/// Adds `row` unless the page is full; then there is a next page, which begins after the last row of this one.
template <class Row>
bool add(Page<Row>& page, std::size_t limit, const Row& row, std::string next_cursor) {
  if (page.items.size() < limit) {
    page.items.push_back(row);
    return true;
  }
  page.next_cursor = std::move(next_cursor);
  return false;
}

}  // namespace

bool sees(std::string_view user, const TaskRow& task) {
  return user.empty() || task.created_by == user ||
         std::find(task.assigned_to.begin(), task.assigned_to.end(), user) != task.assigned_to.end();
}

Result<Page<TaskRow>> Finder::page_tasks(const TaskQuery& query) const {
  const auto start = stores::read_cursor(stores::Listing::tasks, query.oldest_first, query.cursor);
  if (!start) return start.error();
  Page<TaskRow> page;
  const auto visit = [&](const Task& task) {
    if (!matches(query, task.row)) return true;
    const TaskKey last = page.items.empty() ? 0 : page.items.back().key;
    return add(page, query.limit, task.row, stores::make_cursor(stores::Listing::tasks, query.oldest_first, last));
  };
  query.oldest_first ? tables_.tasks.ascend(*start, visit) : tables_.tasks.descend(*start, visit);
  return page;
}

Result<Page<RunRow>> Finder::page_runs(TaskKey task, const RunQuery& query) const {
  const auto start = stores::read_cursor(stores::Listing::runs, query.oldest_first, query.cursor);
  if (!start) return start.error();
  Page<RunRow> page;
  const auto visit = [&](const RunRow& run) {
    if (!matches(query, run)) return true;
    const Task* owner = tables_.tasks.find(run.task);
    if (owner == nullptr || (task == 0 && owner->row.deleted) || !sees(query.visible_to, owner->row)) return true;
    const RunKey last = page.items.empty() ? 0 : page.items.back().id;
    return add(page, query.limit, run, stores::make_cursor(stores::Listing::runs, query.oldest_first, last));
  };
  const auto visit_id = [&](RunKey id) { return visit(*tables_.runs.find(id)); };
  if (!query.item_of.empty()) {
    std::vector<RunKey> ids;
    const RunKey group = parse_run_id(query.item_of).value_or(0);
    for (auto at = tables_.items.lower_bound({group, 0}); at != tables_.items.end() && at->first == group; ++at) {
      const RunRow& run = *tables_.runs.find(at->second);
      if (task != 0 && run.task != task) continue;
      if (!query.dead_letters || (run.state == RunState::failed && !tables_.repeated.contains(run.id)))
        ids.push_back(run.id);
    }
    walk(ids, query.oldest_first, *start, visit_id);
    return page;
  }
  if (query.dead_letters) {
    walk(tables_.dead_letters, query.oldest_first, *start,
         [&](RunKey id) { return (task != 0 && tables_.runs.find(id)->task != task) || visit_id(id); });
    return page;
  }
  if (task == 0) {
    query.oldest_first ? tables_.runs.ascend(*start, visit) : tables_.runs.descend(*start, visit);
    return page;
  }
  const Task* owner = tables_.tasks.find(task);
  if (owner != nullptr) walk(owner->runs, query.oldest_first, *start, visit_id);
  return page;
}

Result<Stats> Finder::stats(std::string_view visible_to, TimePoint now) const {
  Stats stats;
  tables_.tasks.ascend(0, [&](const Task& task) {
    const TaskRow& row = task.row;
    if (row.deleted || !sees(visible_to, row)) return true;
    ++stats.total;
    ++stats.by_status[static_cast<std::size_t>(status_of(row.state))];
    ++stats.by_type[row.type];
    ++stats.by_priority[static_cast<std::size_t>(row.priority)];
    if (has_due(row)) ++stats.scheduled;
    return true;
  });
  stats.running = stats.by_status[static_cast<std::size_t>(Status::running)];
  stores::RunTally tally(now);
  tables_.runs.descend(std::numeric_limits<RunKey>::max(), [&](const RunRow& run) {
    const Task* task = tables_.tasks.find(run.task);
    const bool counted = task != nullptr && !task->row.deleted && run.item_of == 0 && sees(visible_to, task->row);
    return tally.add({run.state, run.created_at, run.started_at, run.finished_at}, counted);
  });
  stats.runs = tally.result();
  return stats;
}

Result<Usage> Finder::usage(std::string_view created_by) const {
  Usage usage;
  if (created_by.empty()) return usage;
  tables_.tasks.ascend(0, [&](const Task& task) {
    const TaskRow& row = task.row;
    if (row.created_by != created_by) return true;
    usage.runs += row.state.live;
    if (!row.deleted) {
      usage.tasks += 1;
      usage.bytes += static_cast<std::int64_t>(row.spec.view().size());
    }
    if (row.state.live <= 0) return true;
    for (const auto& [due_at, id] : tables_.live_of(row.key)) {
      const RunRow& run = *tables_.runs.find(id);
      if (run.item_of == 0) usage.bytes += static_cast<std::int64_t>(run.params.view().size());
    }
    return true;
  });
  return usage;
}

}  // namespace taskcore::memory_store
