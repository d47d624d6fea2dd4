// The SQLite store and its readers.
#pragma once

#include <memory>

#include "../reading.hpp"
#include "finder.hpp"
#include "inserts.hpp"
#include "lines.hpp"
#include "lock_file.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::sqlite_store {

/// Reads what is committed, on a connection of its own; the writer does not hold it up.
class Reader final : public stores::Reading<StoreReader, Reader> {
 public:
  Result<void> open(const Db::Settings& settings) { return db_.open(settings); }

  template <class F>
  auto read(F f) {
    return f(finder_);
  }

 private:
  Db db_{};
  Finder finder_{db_};
};

class SqliteStore final : public stores::Reading<Store, SqliteStore> {
 public:
  explicit SqliteStore(SqliteOptions options) : options_(std::move(options)) {}
  ~SqliteStore() override { close(); }

  Result<void> open() override;
  void close() noexcept override;
  bool exclusive() const noexcept override { return true; }
  Result<std::unique_ptr<StoreReader>> make_reader() override;
  Result<void> begin() override;
  Result<void> commit() override;
  void rollback() noexcept override;

  Result<TaskKey> new_task_key() override;
  Result<void> insert_task(TaskRow& row) override;
  Result<void> update_task(const TaskRow& row) override;
  Result<void> update_task_state(TaskKey key, const TaskState& state) override;
  Result<std::vector<TaskRow>> due_tasks(TimePoint now, std::size_t limit) override;
  Result<std::optional<TaskKey>> find_unique(std::string_view created_by, std::string_view unique_key) override;
  Result<std::optional<TimePoint>> first_due() override;

  Result<void> put_calendar(const CalendarRow& row) override;
  Result<void> remove_calendar(std::string_view name) override;
  Result<std::vector<TaskKey>> tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) override;

  Result<void> put_queue(const QueueRow& row) override;
  Result<std::optional<RateRow>> find_rate(std::string_view queue, std::string_view key) override;
  Result<void> put_rate(const RateRow& row) override;
  Result<std::size_t> prune_rates(TimePoint now, std::size_t limit) override;

  /// As the readers', with the rows that wait to be written.
  Result<AuditEnds> audit_ends() override;
  Result<void> append_audit(const AuditEntry& row) override;
  Result<std::size_t> prune_audit(TimePoint before, std::size_t limit) override;

  Result<std::optional<IdempotencyRow>> find_idempotency(std::string_view scope) override;
  Result<void> put_idempotency(const IdempotencyRow& row) override;
  Result<std::size_t> prune_idempotency(TimePoint now, std::size_t limit) override;

  Result<bool> insert_run(RunRow& row) override;
  Result<std::vector<std::string>> ready_queues() override;
  Result<std::vector<RunRow>> ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                         std::size_t limit) override;
  Result<std::vector<RunRow>> first_ready_of_keys(std::string_view queue, Priority priority, std::string_view after,
                                                  std::size_t limit) override;
  Result<std::size_t> running_with_key(std::string_view key) override;
  Result<std::vector<std::string>> wake_delayed(TimePoint now, std::size_t limit) override;
  Result<std::optional<TimePoint>> first_delayed() override;
  Result<bool> start_run(const RunRow& row) override;
  Result<bool> settle_run(const RunRow& row) override;
  Result<bool> change_run(const RunRow& row, RunState expected) override;
  Result<bool> remove_run(const RunRow& row) override;
  Result<std::vector<RunRow>> running_runs(RunKey after, std::size_t limit) override;

  Result<void> append_logs(std::span<const LogRow> rows) override;

  Result<void> put_node(const NodeRow& row) override;
  Result<void> remove_node(std::string_view node) override;
  Result<std::vector<NodeRow>> nodes() override;

  Result<Pruned> prune_runs(const RunPruning& what) override;
  Result<std::size_t> prune_logs(TimePoint before, std::size_t limit) override;
  Result<std::size_t> prune_deleted_tasks(std::size_t limit) override;
  Result<std::vector<TaskKey>> spent_once_tasks(TimePoint before, std::size_t limit) override;

  template <class F>
  auto read(F f) -> decltype(f(std::declval<Finder&>())) {
    if (auto ready = settle_down(); !ready) return ready.error();
    return f(session_->finder);
  }

 private:
  /// The highest that were given.
  struct Keys {
    TaskKey task = 0;
    RunKey run = 0;
    std::int64_t log = 0;
  };

  /// What exists while the store is open.
  struct Session {
    Db db{};
    Finder finder{db};
    WriteStatements sql{db};
    Inserts inserts{db};
    Lines lines{sql, inserts};
    std::optional<AuditEnds> audit_ends{};  ///< Once they were asked for: nobody else writes them.
    bool audit_grew = false;                ///< They are to be written before the commit.
    TaskKey newest_scheduled = 0;           ///< The highest key of a task that got a scheduled run in this transaction.
    Keys last{};
    Keys committed{};  ///< To go back to: what is rolled back was given in vain.
  };

  /// What pruning leaves to a task.
  struct KeptRuns {
    RunKey from = 0;  ///< Its newest runs.
    RunKey last_settled = 0;
    RunKey last_completed = 0;
    bool has(RunKey id) const { return id >= from || id == last_settled || id == last_completed; }
  };

  static Error closed();
  /// Before a statement that could see new rows which wait to be written. Errors: also when the store is closed.
  Result<void> settle_down();
  /// Whether no other row can have this run's task and instant.
  bool cannot_clash(const RunRow& row) const;
  Result<void> open_session(const std::string& path);
  /// Errors: `unavailable`, when the files that are open are no longer those that will be opened next.
  Result<void> check_in_place() const;
  Result<void> write_links(const TaskRow& row);
  /// Whether the run stands in a line (lines.hpp).
  static bool has_place(const RunRow& row);
  /// Of a stored run what `read_place` reads.
  Result<RunRow> stored_place(RunKey id);
  Result<void> write_audit_end();
  Result<void> save_last_keys();
  Result<KeptRuns> kept_runs(TaskKey task, std::size_t keep_newest);
  Result<std::size_t> prune_tombstone(TaskKey key, std::size_t limit);

  SqliteOptions options_;
  std::string path_{};
  LockFile lock_{};
  std::unique_ptr<Session> session_{};
  // What the names of the database and its log stood for at the opening.
  std::optional<FileId> file_{};
  std::string log_path_{};
  std::optional<FileId> log_{};
  bool is_examined_ = false;  ///< This object has found the file sound.
  bool is_doubtful_ = false;  ///< Something was rolled back, and no commit has proved since that there is room.
};

}  // namespace taskcore::sqlite_store
