// What every test of stores needs: a store of each kind, rows to put in, and rows as text to compare.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "store/row_text.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::store_test {

/// Milliseconds after a moment in 2027.
inline TimePoint at(std::int64_t ms) { return TimePoint(Duration(1'800'000'000'000 + ms)); }

using test_support::TempDir;

enum class Kind { memory, sqlite };

/// An open store of one kind, and what outlives it.
class Subject {
 public:
  explicit Subject(Kind kind) : kind_(kind) { open(); }

  Store& operator*() const { return *store_; }
  Store* operator->() const { return store_.get(); }

  void open() {
    store_ = make();
    store_->open().value();
  }
  void reopen() {
    store_->close();
    open();
  }
  std::unique_ptr<Store> make() const { return kind_ == Kind::memory ? memory(database_) : sqlite(path()); }
  std::string path() const { return dir_.file("store.db"); }
  Kind kind() const { return kind_; }

  /// Does `f(store)` in a transaction of its own.
  template <class F>
  auto write(F f) {
    store_->begin().value();
    if constexpr (std::is_void_v<decltype(f(*store_))>) {
      f(*store_);
      store_->commit().value();
    } else {
      auto result = f(*store_);
      store_->commit().value();
      return result;
    }
  }
  TaskKey add(TaskRow row) {
    return write([&](Store& store) { return store.insert_task(row).value(), row.key; });
  }
  RunKey add(RunRow row) {
    return write([&](Store& store) { return store.insert_run(row).value() ? row.id : 0; });
  }
  TaskRow task(TaskKey key) { return store_->find_task(key).value().value(); }
  RunRow run(RunKey id) { return store_->find_run(id).value().value(); }

 private:
  Kind kind_;
  TempDir dir_{};
  std::shared_ptr<MemoryDatabase> database_ = make_memory_database();
  std::unique_ptr<Store> store_{};
};

inline TaskRow task_row(std::string id) {
  TaskRow row;
  row.id = std::move(id);
  row.name = "name of " + row.id;
  row.spec = R"({"name":"x"})";
  row.type = "function";
  row.created_by = "ann";
  row.created_at = row.updated_at = row.anchor = at(0);
  return row;
}

inline RunRow run_row(TaskKey task, RunState state = RunState::ready) {
  RunRow row;
  row.task = task;
  row.state = state;
  row.queue = "default";
  row.ready_at = row.due_at = row.created_at = at(0);
  if (state == RunState::running) row.fence = row.attempt = 1;
  return row;
}

inline RunRow settled_row(TaskKey task, TimePoint finished_at, RunState state = RunState::completed) {
  RunRow row = run_row(task, state);
  row.started_at = finished_at - Duration(10);
  row.finished_at = finished_at;
  return row;
}

template <class Row>
std::vector<std::int64_t> ids(const std::vector<Row>& rows) {
  std::vector<std::int64_t> keys;
  for (const Row& row : rows) {
    if constexpr (requires { row.key; }) {
      keys.push_back(row.key);
    } else {
      keys.push_back(row.id);
    }
  }
  return keys;
}

using Ids = std::vector<std::int64_t>;

}  // namespace taskcore::store_test
