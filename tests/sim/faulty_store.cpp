#include "sim/faulty_store.hpp"

#include <boost/json/parse.hpp>

namespace taskcore::sim {

void FaultyStore::maybe_crash(const char* when) {
  if (!source_.faults.on || !source_.chance.one_in(source_.faults.crash)) return;
  source_.trace.note(std::string("crash ") + when);
  ++source_.injected;
  throw Crash{};
}

std::optional<Error> FaultyStore::strike() {
  maybe_crash("in a call");
  if (!source_.faults.on || !source_.chance.one_in(source_.faults.refused)) return std::nullopt;
  ++source_.injected;
  source_.trace.note("the store refuses a call");
  const Errc code = source_.chance.of({Errc::unavailable, Errc::storage_full});
  return fail(code, std::string(kInjected) + "refused");
}

Result<void> FaultyStore::open() {
  auto opened = call([&] { return inner_->open(); });
  open_ = opened.has_value();
  return opened;
}

void FaultyStore::close() noexcept {
  inner_->close();
  open_ = false;
}

Result<std::unique_ptr<StoreReader>> FaultyStore::make_reader() {
  auto reader = inner_->make_reader();
  if (!reader) return reader.error();
  return std::unique_ptr<StoreReader>(std::make_unique<FaultyReader>(std::move(*reader), source_));
}

Result<void> FaultyStore::begin() {
  touched_ = {};
  touched_.at = source_.clock.now();
  return call([&] { return inner_->begin(); });
}

Result<void> FaultyStore::commit_and_show() {
  touched_.node = node_;
  auto done = inner_->commit();
  if (done) source_.witness.committed(touched_, *inner_);
  return done;
}

void FaultyStore::maybe_dawdle() {
  if (!source_.faults.on || !source_.chance.one_in(source_.faults.slow)) return;
  const Duration time = source_.chance.of({Duration(20), Duration(1000), Duration(6000), Duration(40000)});
  ++source_.injected;
  source_.trace.note("a commit takes " + std::to_string(time.count()));
  source_.clock.advance(time);
}

Result<void> FaultyStore::commit() {
  maybe_dawdle();
  if (auto error = strike()) return std::move(*error);
  if (source_.faults.on && source_.chance.one_in(source_.faults.unknown)) {
    ++source_.injected;
    const bool really = source_.chance.one_in(2);
    source_.trace.note(really ? "committed, but nobody learns it" : "not committed, but nobody learns it");
    if (really) {
      if (auto done = commit_and_show(); !done) return done;
    } else {
      inner_->rollback();
    }
    return fail(Errc::internal, std::string(kInjected) + "the outcome of the commit is not known");
  }
  auto done = commit_and_show();
  maybe_dawdle();
  maybe_crash("after a commit");
  return done;
}

// Tasks.

Result<TaskKey> FaultyStore::new_task_key() {
  return call([&] { return inner_->new_task_key(); });
}
Result<void> FaultyStore::insert_task(TaskRow& row) {
  auto done = call([&] { return inner_->insert_task(row); });
  touched_.tasks.insert(row.key);
  return done;
}
Result<void> FaultyStore::update_task(const TaskRow& row) {
  touched_.tasks.insert(row.key);
  if (row.deleted) touched_.deleted.insert(row.id);
  return call([&] { return inner_->update_task(row); });
}
Result<void> FaultyStore::update_task_state(TaskKey key, const TaskState& state) {
  touched_.tasks.insert(key);
  return call([&] { return inner_->update_task_state(key, state); });
}
Result<std::vector<TaskRow>> FaultyStore::due_tasks(TimePoint now, std::size_t limit) {
  return call([&] { return inner_->due_tasks(now, limit); });
}
Result<void> FaultyStore::put_calendar(const CalendarRow& row) {
  touched_.calendars.insert(row.name);
  return call([&] { return inner_->put_calendar(row); });
}
Result<void> FaultyStore::remove_calendar(std::string_view name) {
  touched_.calendars.emplace(name);
  return call([&] { return inner_->remove_calendar(name); });
}
Result<std::optional<TaskKey>> FaultyStore::find_unique(std::string_view created_by, std::string_view key) {
  return call([&] { return inner_->find_unique(created_by, key); });
}
Result<std::vector<TaskKey>> FaultyStore::tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) {
  return call([&] { return inner_->tasks_of_calendar(name, after, limit); });
}
Result<std::optional<TimePoint>> FaultyStore::first_due() {
  return call([&] { return inner_->first_due(); });
}

// Queues.

Result<void> FaultyStore::put_queue(const QueueRow& row) {
  touched_.queues.insert(row.name);
  return call([&] { return inner_->put_queue(row); });
}
Result<std::optional<RateRow>> FaultyStore::find_rate(std::string_view queue, std::string_view key) {
  return call([&] { return inner_->find_rate(queue, key); });
}
Result<void> FaultyStore::put_rate(const RateRow& row) {
  return call([&] { return inner_->put_rate(row); });
}
Result<std::size_t> FaultyStore::prune_rates(TimePoint now, std::size_t limit) {
  return call([&] { return inner_->prune_rates(now, limit); });
}

// Runs.

Result<void> FaultyStore::append_audit(const AuditEntry& row) {
  return call([&] { return inner_->append_audit(row); });
}
Result<std::size_t> FaultyStore::prune_audit(TimePoint before, std::size_t limit) {
  return call([&] { return inner_->prune_audit(before, limit); });
}
Result<std::optional<IdempotencyRow>> FaultyStore::find_idempotency(std::string_view scope) {
  return call([&] { return inner_->find_idempotency(scope); });
}
Result<void> FaultyStore::put_idempotency(const IdempotencyRow& row) {
  return call([&] { return inner_->put_idempotency(row); });
}
Result<std::size_t> FaultyStore::prune_idempotency(TimePoint now, std::size_t limit) {
  return call([&] { return inner_->prune_idempotency(now, limit); });
}
Result<bool> FaultyStore::insert_run(RunRow& row) {
  auto done = call([&] { return inner_->insert_run(row); });
  if (done && *done) touched_.runs.emplace(row.id, row.task);
  return done;
}
Result<std::vector<std::string>> FaultyStore::ready_queues() {
  return call([&] { return inner_->ready_queues(); });
}
Result<std::vector<RunRow>> FaultyStore::ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                                    std::size_t limit) {
  return call([&] { return inner_->ready_runs(queue, priority, key, limit); });
}
Result<std::vector<RunRow>> FaultyStore::first_ready_of_keys(std::string_view queue, Priority priority,
                                                             std::string_view after, std::size_t limit) {
  return call([&] { return inner_->first_ready_of_keys(queue, priority, after, limit); });
}
Result<std::size_t> FaultyStore::running_with_key(std::string_view key) {
  return call([&] { return inner_->running_with_key(key); });
}
Result<std::vector<std::string>> FaultyStore::wake_delayed(TimePoint now, std::size_t limit) {
  touched_.woke = true;
  return call([&] { return inner_->wake_delayed(now, limit); });
}
Result<std::optional<TimePoint>> FaultyStore::first_delayed() {
  return call([&] { return inner_->first_delayed(); });
}
Result<bool> FaultyStore::start_run(const RunRow& row) {
  touched_.runs.emplace(row.id, row.task);
  return call([&] { return inner_->start_run(row); });
}
Result<bool> FaultyStore::settle_run(const RunRow& row) {
  if (source_.chance.one_in(source_.faults.lost_end)) return true;
  touched_.runs.emplace(row.id, row.task);
  return call([&] { return inner_->settle_run(row); });
}
Result<bool> FaultyStore::change_run(const RunRow& row, RunState expected) {
  touched_.runs.emplace(row.id, row.task);
  return call([&] { return inner_->change_run(row, expected); });
}
Result<bool> FaultyStore::remove_run(const RunRow& row) {
  touched_.pruned = true;
  return call([&] { return inner_->remove_run(row); });
}
Result<std::vector<RunRow>> FaultyStore::running_runs(RunKey after, std::size_t limit) {
  return call([&] { return inner_->running_runs(after, limit); });
}

// Logs, nodes, retention.

Result<void> FaultyStore::append_logs(std::span<const LogRow> rows) {
  for (const LogRow& row : rows) {
    if (row.run != 0 || row.level != LogLevel::warn || row.data.empty()) continue;
    touched_.skipped[row.task] += boost::json::parse(row.data).at("count").to_number<std::size_t>();
  }
  return call([&] { return inner_->append_logs(rows); });
}
Result<void> FaultyStore::put_node(const NodeRow& row) {
  node_ = row.node;
  touched_.leases[row.node] = row.lease_until;
  return call([&] { return inner_->put_node(row); });
}
Result<void> FaultyStore::remove_node(std::string_view node) {
  touched_.leases[std::string(node)] = std::nullopt;
  return call([&] { return inner_->remove_node(node); });
}
Result<std::vector<NodeRow>> FaultyStore::nodes() {
  return call([&] { return inner_->nodes(); });
}
Result<Store::Pruned> FaultyStore::prune_runs(const RunPruning& what) {
  touched_.pruned = true;
  return call([&] { return inner_->prune_runs(what); });
}
Result<std::size_t> FaultyStore::prune_logs(TimePoint before, std::size_t limit) {
  return call([&] { return inner_->prune_logs(before, limit); });
}
Result<std::size_t> FaultyStore::prune_deleted_tasks(std::size_t limit) {
  touched_.pruned = true;
  return call([&] { return inner_->prune_deleted_tasks(limit); });
}
Result<std::vector<TaskKey>> FaultyStore::spent_once_tasks(TimePoint before, std::size_t limit) {
  return call([&] { return inner_->spent_once_tasks(before, limit); });
}

}  // namespace taskcore::sim
