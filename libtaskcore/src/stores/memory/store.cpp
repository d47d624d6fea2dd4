// The writing verbs on tasks, runs, logs and nodes. Each notes in the journal how to undo it.
#include "store.hpp"

#include <algorithm>
#include <set>

namespace taskcore {

std::shared_ptr<MemoryDatabase> make_memory_database() { return std::make_shared<MemoryDatabase>(); }

std::unique_ptr<Store> memory() { return memory(make_memory_database()); }

std::unique_ptr<Store> memory(std::shared_ptr<MemoryDatabase> database, bool shared) {
  return std::make_unique<memory_store::MemoryStore>(std::move(database), shared);
}

}  // namespace taskcore

namespace taskcore::memory_store {

MemoryStore::MemoryStore(std::shared_ptr<MemoryDatabase> database, bool shared)
    : database_(std::move(database)), tables_(database_->tables), finder_(tables_), shared_(shared) {}

MemoryStore::~MemoryStore() { close(); }

Result<void> MemoryStore::open() {
  if (open_) return {};
  const std::lock_guard hold(database_->gate);
  if (database_->owned || (!shared_ && database_->open_stores > 0)) {
    return fail(Errc::locked,
                "The in-memory database is in use by another store; close that first or open both as shared.");
  }
  database_->owned = !shared_;
  ++database_->open_stores;
  open_ = true;
  return {};
}

void MemoryStore::close() noexcept {
  if (!open_) return;
  rollback();
  const std::lock_guard hold(database_->gate);
  database_->owned = false;
  --database_->open_stores;
  open_ = false;
}

Result<std::unique_ptr<StoreReader>> MemoryStore::make_reader() {
  return std::unique_ptr<StoreReader>(std::make_unique<Reader>(*database_));
}

Result<void> MemoryStore::begin() {
  if (!open_) return fail(Errc::unavailable, "The store is not open.");
  database_->gate.lock();
  writing_ = true;
  return {};
}

Result<void> MemoryStore::commit() {
  journal_.forget();
  writing_ = false;
  database_->gate.unlock();
  return {};
}

void MemoryStore::rollback() noexcept {
  if (!writing_) return;
  journal_.undo(tables_);
  writing_ = false;
  database_->gate.unlock();
}

Result<TaskKey> MemoryStore::new_task_key() {
  journal_.task_key_is_new(++tables_.last_task);
  return tables_.last_task;
}

Result<void> MemoryStore::insert_task(TaskRow& row) {
  if (!row.deleted && tables_.ids.contains(row.id))
    return fail(Errc::internal, "A task with id " + row.id + " exists.");
  if (row.key == 0) row.key = new_task_key().value();
  tables_.put_task(row);
  journal_.task_is_new(row.key);
  return {};
}

Result<void> MemoryStore::update_task(const TaskRow& row) {
  const Task* task = tables_.tasks.find(row.key);
  if (task == nullptr) return {};
  TaskRow next = row;
  next.id = task->row.id;
  next.created_by = task->row.created_by;
  next.created_at = task->row.created_at;
  journal_.task_was(task->row);
  tables_.put_task(std::move(next));
  return {};
}

Result<void> MemoryStore::update_task_state(TaskKey key, const TaskState& state) {
  Task* task = tables_.tasks.find(key);
  if (task == nullptr) return {};
  journal_.state_was(key, task->row.state);
  tables_.set_state(*task, state);
  return {};
}

Result<void> MemoryStore::put_calendar(const CalendarRow& row) {
  journal_.calendar_was(row.name, finder_.find_calendar(row.name).value());
  tables_.calendars[row.name] = row;
  return {};
}

Result<void> MemoryStore::remove_calendar(std::string_view name) {
  const auto found = tables_.calendars.find(name);
  if (found == tables_.calendars.end()) return {};
  journal_.calendar_was(found->first, std::move(found->second));
  tables_.calendars.erase(found);
  return {};
}

Result<void> MemoryStore::put_queue(const QueueRow& row) {
  journal_.queue_was(row.name, finder_.find_queue(row.name).value());
  tables_.queues[row.name] = row;
  return {};
}

Result<void> MemoryStore::put_rate(const RateRow& row) {
  std::pair<std::string, std::string> name(row.queue, row.key);
  journal_.rate_was(name, find_rate(row.queue, row.key).value());
  tables_.rates[std::move(name)] = row;
  return {};
}

Result<bool> MemoryStore::insert_run(RunRow& row) {
  if (row.scheduled_for && row.item_of == 0 &&
      tables_.scheduled.contains({row.task, row.scheduled_for->time_since_epoch().count()})) {
    return false;
  }
  row.id = ++tables_.last_run;
  if (row.workflow == kItself) row.workflow = row.id;
  tables_.insert_run(row);
  journal_.run_is_new(row.id);
  if (row.retry_of != 0 && tables_.mark_repeated(row.retry_of)) journal_.repeat_is_new(row.retry_of);
  return true;
}

RunRow* MemoryStore::run_in(RunKey id, RunState state, std::int64_t fence) {
  RunRow* run = tables_.runs.find(id);
  return run != nullptr && run->state == state && run->fence == fence ? run : nullptr;
}

Result<bool> MemoryStore::start_run(const RunRow& row) {
  RunRow* run = run_in(row.id, RunState::ready, row.fence - 1);
  if (run == nullptr) return false;
  journal_.run_was(*run);
  tables_.change_run(*run, [&row](RunRow& to) {
    to.state = row.state;
    to.fence = row.fence;
    to.attempt = row.attempt;
    to.node = row.node;
    to.task_version = row.task_version;
    to.started_at = row.started_at;
    to.attempt_started_at = row.attempt_started_at;
    to.attempt_finished_at = row.attempt_finished_at;
    to.attempt_status = row.attempt_status;
    to.past_attempts = row.past_attempts;
    static_cast<RareNumbers&>(to) = row;
  });
  return true;
}

Result<bool> MemoryStore::settle_run(const RunRow& row) {
  RunRow* run = run_in(row.id, RunState::running, row.fence);
  if (run == nullptr) return false;
  journal_.run_was(*run);
  tables_.change_run(*run, [&row](RunRow& to) {
    to.state = row.state;
    to.ready_at = row.ready_at;
    to.delayed = row.delayed;
    to.attempt_finished_at = row.attempt_finished_at;
    to.attempt_status = row.attempt_status;
    to.error = row.error;
    to.result = row.result;
    to.finished_at = row.finished_at;
    to.reason = row.reason;
    to.checkpoint = row.checkpoint;
    to.signal_value = row.signal_value;
    static_cast<RareNumbers&>(to) = row;
  });
  return true;
}

Result<bool> MemoryStore::change_run(const RunRow& row, RunState expected) {
  RunRow* run = run_in(row.id, expected, row.fence);
  if (run == nullptr) return false;
  journal_.run_was(*run);
  tables_.change_run(*run, [&row](RunRow& to) {
    const TaskKey task = to.task;
    const std::string key = to.concurrency_key;
    const auto scheduled_for = to.scheduled_for;
    const Trigger trigger = to.trigger;
    const TimePoint created_at = to.created_at;
    const RunKey workflow = to.workflow;
    const RunKey retry_of = to.retry_of;
    const RunKey item_of = to.item_of;
    to = row;
    to.task = task;
    to.concurrency_key = key;
    to.scheduled_for = scheduled_for;
    to.trigger = trigger;
    to.created_at = created_at;
    to.workflow = workflow;
    to.retry_of = retry_of;
    to.item_of = item_of;
  });
  return true;
}

Result<std::vector<std::string>> MemoryStore::wake_delayed(TimePoint now, std::size_t limit) {
  std::set<std::string> queues;
  for (; limit > 0 && !tables_.delayed.empty(); --limit) {
    const auto [ready_at, id] = *tables_.delayed.begin();
    if (ready_at > now) break;
    RunRow& run = *tables_.runs.find(id);
    journal_.run_was(run);
    tables_.change_run(run, [](RunRow& to) { to.delayed = false; });
    queues.insert(run.queue);
  }
  return std::vector<std::string>(queues.begin(), queues.end());
}

Result<void> MemoryStore::append_logs(std::span<const LogRow> rows) {
  for (LogRow row : rows) {
    row.id = ++tables_.last_log;
    journal_.log_is_new(row.id);
    tables_.insert_log(std::move(row));
  }
  return {};
}

Result<void> MemoryStore::put_node(const NodeRow& row) {
  journal_.nodes_were(tables_.nodes);
  tables_.nodes[row.node] = row.lease_until;
  return {};
}

Result<void> MemoryStore::remove_node(std::string_view node) {
  const auto found = tables_.nodes.find(node);
  if (found == tables_.nodes.end()) return {};
  journal_.nodes_were(tables_.nodes);
  tables_.nodes.erase(found);
  return {};
}

}  // namespace taskcore::memory_store
