// The reading half of a store: gives every verb of StoreReader to a finder, so that a reader and a store share one.
#pragma once

#include <utility>

#include "taskcore/store.hpp"

namespace taskcore::stores {

/// `Derived` has `read(f)`, which calls `f(finder)` with what it takes to read, and gives its result.
template <class Interface, class Derived>
class Reading : public Interface {
 public:
  Result<std::optional<TaskRow>> find_task(std::string_view id) override {
    return with([&](auto& finder) { return finder.find_task(id); });
  }
  Result<std::optional<TaskRow>> find_task(TaskKey key) override {
    return with([&](auto& finder) { return finder.find_task(key); });
  }
  Result<std::optional<RunRow>> find_run(RunKey id) override {
    return with([&](auto& finder) { return finder.find_run(id); });
  }
  Result<std::vector<TaskKey>> dependents(TaskKey task) override {
    return with([&](auto& finder) { return finder.dependents(task); });
  }
  Result<std::vector<RunRow>> live_runs(TaskKey task, std::size_t limit) override {
    return with([&](auto& finder) { return finder.live_runs(task, limit); });
  }
  Result<std::vector<RunRow>> live_runs(TaskKey task, RunState state, std::size_t limit) override {
    return with([&](auto& finder) { return finder.live_runs(task, state, limit); });
  }
  Result<std::optional<TimePoint>> earliest_live_due(TaskKey task) override {
    return with([&](auto& finder) { return finder.earliest_live_due(task); });
  }
  Result<Page<TaskRow>> page_tasks(const TaskQuery& query) override {
    return with([&](auto& finder) { return finder.page_tasks(query); });
  }
  Result<Page<RunRow>> page_runs(TaskKey task, const RunQuery& query) override {
    return with([&](auto& finder) { return finder.page_runs(task, query); });
  }
  Result<std::vector<RunRow>> runs_after(TaskKey task, RunKey after, std::size_t limit) override {
    return with([&](auto& finder) { return finder.runs_after(task, after, limit); });
  }
  Result<std::optional<RunRow>> newest_of_workflow(RunKey workflow, TaskKey task) override {
    return with([&](auto& finder) { return finder.newest_of_workflow(workflow, task); });
  }
  Result<std::vector<RunRow>> runs_of_workflow(RunKey workflow, RunKey after, std::size_t limit) override {
    return with([&](auto& finder) { return finder.runs_of_workflow(workflow, after, limit); });
  }
  Result<std::vector<RunRow>> items_of(RunKey group, RunKey after, std::size_t limit) override {
    return with([&](auto& finder) { return finder.items_of(group, after, limit); });
  }
  Result<bool> is_repeated(RunKey run) override {
    return with([&](auto& finder) { return finder.is_repeated(run); });
  }
  Result<std::vector<TimePoint>> taken_instants(TaskKey task, TimePoint from, TimePoint to) override {
    return with([&](auto& finder) { return finder.taken_instants(task, from, to); });
  }
  Result<std::vector<LogRow>> logs(const LogRange& range) override {
    return with([&](auto& finder) { return finder.logs(range); });
  }
  Result<std::optional<CalendarRow>> find_calendar(std::string_view name) override {
    return with([&](auto& finder) { return finder.find_calendar(name); });
  }
  Result<std::vector<CalendarRow>> calendars(std::string_view after, std::size_t limit) override {
    return with([&](auto& finder) { return finder.calendars(after, limit); });
  }
  Result<std::optional<QueueRow>> find_queue(std::string_view name) override {
    return with([&](auto& finder) { return finder.find_queue(name); });
  }
  Result<std::vector<QueueRow>> queues(std::string_view after, std::size_t limit) override {
    return with([&](auto& finder) { return finder.queues(after, limit); });
  }
  Result<std::vector<QueueLoad>> queue_loads() override {
    return with([&](auto& finder) { return finder.queue_loads(); });
  }
  Result<Page<AuditEntry>> page_audit(const AuditQuery& query) override {
    return with([&](auto& finder) { return finder.page_audit(query); });
  }
  Result<std::vector<AuditEntry>> audit_after(std::int64_t after, std::size_t limit) override {
    return with([&](auto& finder) { return finder.audit_after(after, limit); });
  }
  Result<AuditEnds> audit_ends() override {
    return with([&](auto& finder) { return finder.audit_ends(); });
  }
  Result<Stats> stats(std::string_view visible_to, TimePoint now) override {
    return with([&](auto& finder) { return finder.stats(visible_to, now); });
  }
  Result<Usage> usage(std::string_view created_by) override {
    return with([&](auto& finder) { return finder.usage(created_by); });
  }

 private:
  template <class F>
  auto with(F f) {
    return static_cast<Derived*>(this)->read(std::move(f));
  }
};

}  // namespace taskcore::stores
