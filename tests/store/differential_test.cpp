// Two stores of different kinds, given the same random verbs, must give the same answers. A failure prints the seed and
// the step; TASKCORE_SEED=<seed> runs that one alone.
#include <cstdlib>
#include <random>

#include "subject.hpp"

namespace taskcore::store_test {
namespace {

std::string text(std::int64_t value) { return std::to_string(value); }
std::string text(bool value) { return value ? "yes" : "no"; }
std::string text(const std::string& value) { return value; }
std::string text(TimePoint value) { return std::to_string(value.time_since_epoch().count()); }
std::string text(const NodeRow& row) { return row.node + "@" + text(row.lease_until); }
std::string text(const Store::Pruned& pruned) { return std::to_string(pruned.removed) + ">" + text(pruned.next); }
std::string text(std::size_t value) { return std::to_string(value); }
using store_test::text;
template <class Value>
std::string text(const std::optional<Value>& value) {
  return value ? text(*value) : "none";
}
template <class Value>
std::string text(const std::vector<Value>& values) {
  std::string all = "[";
  for (const Value& value : values) all += text(value) + "\n";
  return all + "]";
}
template <class Row>
std::string text(const Page<Row>& page) {
  return text(page.items) + page.next_cursor;
}
std::string text(const Stats& stats) {
  std::string all = text(stats.total) + text(stats.running) + text(stats.scheduled) + text(stats.runs.p50_ms) +
                    text(stats.runs.p95_ms);
  for (const auto count : stats.by_status) all += " " + text(count);
  for (const auto& [type, count] : stats.by_type) all += " " + type + text(count);
  for (const auto count : stats.by_priority) all += " " + text(count);
  for (const auto count : stats.runs.last_24h) all += " " + text(count);
  return all;
}

std::string text(const Usage& usage) { return text(usage.tasks) + " " + text(usage.runs) + " " + text(usage.bytes); }

/// A few values of each kind, so that rows collide often.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::int64_t upto(std::int64_t limit) { return static_cast<std::int64_t>(random_() % static_cast<unsigned>(limit)); }
  bool one_in(std::int64_t n) { return upto(n) == 0; }
  TimePoint time() { return at(upto(40)); }
  std::optional<TimePoint> maybe_time() { return one_in(3) ? std::nullopt : std::optional(time()); }
  std::string word() { return std::string(1, static_cast<char>('a' + upto(4))); }
  std::vector<std::string> words() {
    std::vector<std::string> some;
    for (char c = 'a'; c < 'e'; ++c) {
      if (one_in(4)) some.push_back(std::string(1, c));
    }
    return some;
  }
  template <class Enum>
  Enum any(std::int64_t count) {
    return static_cast<Enum>(upto(count));
  }
  template <class Enum>
  std::vector<Enum> some(std::int64_t count) {
    std::vector<Enum> values;
    while (one_in(3)) values.push_back(any<Enum>(count));
    return values;
  }

 private:
  std::mt19937 random_;
};

class Difference {
 public:
  explicit Difference(unsigned seed) : dice_(seed) {}

  void step() {
    if (!open_) {
      begin();
    } else if (dice_.one_in(12)) {
      end();
    }
    open_&& dice_.one_in(2) ? write() : read();
  }

 private:
  /// Asks both stores; the answers must be equal.
  template <class F>
  auto both(F f) {
    auto a = f(*memory_).value();
    auto b = f(*sqlite_).value();
    REQUIRE(text(a) == text(b));
    return a;
  }
  template <class Row, class F>
  void both_insert(const Row& row, F f) {
    Row a = row;
    Row b = row;
    f(*memory_, a);
    f(*sqlite_, b);
    REQUIRE(text(a) == text(b));
  }

  void begin() {
    memory_->begin().value();
    sqlite_->begin().value();
    open_ = true;
  }
  void end() {
    open_ = false;
    if (dice_.one_in(3)) {
      memory_->rollback();
      sqlite_->rollback();
      return;
    }
    // The highest keys must be committed, so that both go on with the same ones.
    const bool reopens = dice_.one_in(6) && insert_task() && insert_run(false);
    if (reopens) append_log();
    memory_->commit().value();
    sqlite_->commit().value();
    if (dice_.one_in(4)) check_lines();
    if (!reopens) return;
    memory_.reopen();
    sqlite_.reopen();
  }

  TaskKey any_task() { return 1 + dice_.upto(12); }
  RunKey any_run() { return 1 + dice_.upto(60); }

  void shape(TaskRow& row) {
    row.version = 1 + dice_.upto(3);
    row.description = dice_.word();
    row.type = dice_.word();
    row.priority = dice_.any<Priority>(3);
    row.tags = dice_.words();
    row.assigned_to = dice_.words();
    row.upstreams.clear();
    for (TaskKey key = 1; key < 6; ++key) {
      if (dice_.one_in(5)) row.upstreams.push_back(key);
    }
    row.calendar = dice_.one_in(2) ? dice_.word() : std::string();
    row.unique_key = dice_.one_in(2) ? row.id : std::string();
    row.once = dice_.one_in(2);
    row.paused = dice_.one_in(4);
    row.state = state();
  }
  TaskState state() {
    return {
        dice_.maybe_time(), dice_.upto(2), dice_.upto(2),
        any_run(),          any_run(),     dice_.any<Status>(5),
        any_run(),          dice_.upto(3), dice_.one_in(3) ? std::vector{any_run(), any_run()} : std::vector<RunKey>{}};
  }
  void shape(RunRow& row) {
    row.priority = dice_.any<Priority>(3);
    row.queue = dice_.word();
    row.ready_at = dice_.time();
    row.delayed = dice_.one_in(3);
    row.due_at = dice_.time();
    row.params = dice_.one_in(2) ? "" : "1";
    row.started_at = dice_.maybe_time();
    row.finished_at = dice_.maybe_time();
    row.attempt_status = dice_.any<AttemptStatus>(7);
    row.reason = dice_.one_in(2) ? "" : "user";
    row.exit_code = dice_.one_in(2) ? std::nullopt : std::optional(3);
    row.items = dice_.upto(3);
    row.items_completed = dice_.upto(2);
    row.items_failed = dice_.upto(2);
    row.signal_value = dice_.one_in(2) ? "" : "null";
  }

  bool insert_task() {
    std::string id = "t" + std::to_string(dice_.upto(20));
    if (memory_->find_task(id).value()) return false;
    TaskRow row = task_row(id);
    row.created_by = dice_.word();
    shape(row);
    both_insert(row, [](Store& store, TaskRow& to) { store.insert_task(to).value(); });
    return true;
  }
  bool insert_run(bool scheduled) {
    RunRow row = run_row(any_task(), dice_.any<RunState>(7));
    if (!memory_->find_task(row.task).value()) return false;
    shape(row);
    row.trigger = dice_.any<Trigger>(5);
    if (dice_.one_in(2)) row.concurrency_key = dice_.word();
    if (dice_.one_in(3)) row.workflow = any_run();
    if (dice_.one_in(3)) row.retry_of = any_run();
    if (dice_.one_in(3)) row.item_of = any_run();
    if (scheduled) row.scheduled_for = dice_.time();
    both_insert(row, [](Store& store, RunRow& to) {
      if (!store.insert_run(to).value()) to.reason = "refused";
    });
    return true;
  }
  /// As most runs are when they are made: nothing has happened to them yet.
  void insert_plain_run() {
    RunRow row = run_row(any_task());
    if (!memory_->find_task(row.task).value()) return;
    row.priority = dice_.any<Priority>(3);
    row.queue = dice_.word();
    row.ready_at = dice_.time();
    if (!dice_.one_in(4)) row.concurrency_key = dice_.word();
    both_insert(row, [](Store& store, RunRow& to) { store.insert_run(to).value(); });
  }
  /// What else the rows say of each other is not heeded here.
  void check_lines() {
    for (const std::string& problem : check_sqlite(sqlite_.path()).value().problems) {
      INFO(problem);
      REQUIRE(problem.find("line of") == std::string::npos);
    }
  }
  void append_log() {
    const std::vector<LogRow> rows{{0, any_task(), dice_.upto(9), 1, dice_.time(), dice_.any<LogLevel>(4),
                                    dice_.any<LogStream>(3), dice_.one_in(2) ? "" : "line", ""}};
    memory_->append_logs(rows).value();
    sqlite_->append_logs(rows).value();
  }

  void change_task() {
    const auto found = both([key = any_task()](Store& store) { return store.find_task(key); });
    if (!found) return;
    TaskRow row = *found;
    shape(row);
    row.deleted = row.deleted || dice_.one_in(3);
    memory_->update_task(row).value();
    sqlite_->update_task(row).value();
  }
  void change_run() {
    const auto found = both([id = any_run()](Store& store) { return store.find_run(id); });
    if (!found) return;
    RunRow row = *found;
    shape(row);
    const auto which = dice_.upto(3);
    row.state = which == 0 ? RunState::running : dice_.any<RunState>(7);
    row.fence += (which == 0 ? 1 : 0) + (dice_.one_in(6) ? 1 : 0);
    const RunState expected = dice_.one_in(3) ? dice_.any<RunState>(7) : found->state;
    both([&](Store& store) {
      if (which == 0) return store.start_run(row);
      return which == 1 ? store.settle_run(row) : store.change_run(row, expected);
    });
  }
  void prune() {
    const Store::RunPruning what{dice_.time(), static_cast<std::size_t>(dice_.upto(3)), dice_.upto(20),
                                 static_cast<std::size_t>(1 + dice_.upto(20))};
    const auto limit = static_cast<std::size_t>(1 + dice_.upto(6));
    const TimePoint before = dice_.time();
    switch (dice_.upto(4)) {
      case 0:
        both([&](Store& store) { return store.prune_runs(what); });
        break;
      case 2: {
        const auto row = both([id = any_run()](Store& store) { return store.find_run(id); });
        if (row) both([&](Store& store) { return store.remove_run(*row); });
        break;
      }
      case 1:
        both([&](Store& store) { return store.prune_logs(before, limit); });
        break;
      default:
        both([&](Store& store) { return store.prune_deleted_tasks(limit); });
    }
  }
  void write() {
    switch (dice_.upto(12)) {
      case 0:
      case 1:
        insert_task();
        return;
      case 2:
      case 3:
        dice_.one_in(2) ? insert_plain_run() : void(insert_run(dice_.one_in(2)));
        return;
      case 4:
        return change_task();
      case 5: {
        const TaskState next = state();
        const TaskKey key = any_task();
        memory_->update_task_state(key, next).value();
        sqlite_->update_task_state(key, next).value();
        return;
      }
      case 6:
        return append_log();
      case 7:
        if (dice_.one_in(4)) prune();
        return;
      case 8:
        return dice_.one_in(2) ? change_nodes() : change_queues();
      default:
        return change_run();
    }
  }
  void change_queues() {
    const QueueRow queue{dice_.word(), dice_.word(), dice_.time()};
    const RateRow rate{queue.name, dice_.one_in(2) ? "" : dice_.word(), dice_.word(), dice_.time()};
    const TimePoint now = dice_.time();
    const auto limit = static_cast<std::size_t>(1 + dice_.upto(9));
    const auto which = dice_.upto(4);
    both([&](Store& store) {
      if (which == 0) store.put_queue(queue).value();
      if (which == 1) store.put_rate(rate).value();
      if (which == 2) store.prune_rates(now, 999).value();
      return store.queues("", limit);
    });
    both([&](Store& store) { return store.find_rate(rate.queue, rate.key); });
    if (which == 3) both([&](Store& store) { return store.wake_delayed(now, limit); });
  }
  void change_nodes() {
    const NodeRow row{dice_.word(), dice_.time()};
    const bool put = dice_.one_in(2);
    both([&](Store& store) {
      (put ? store.put_node(row) : store.remove_node(row.node)).value();
      return store.nodes();
    });
  }

  void read() {
    const auto limit = static_cast<std::size_t>(1 + dice_.upto(8));
    const TaskKey task = any_task();
    const RunState state = dice_.any<RunState>(7);
    const TimePoint now = dice_.time();
    const std::string user = dice_.one_in(2) ? "" : dice_.word();
    const std::string queue = dice_.word();
    const auto priority = dice_.any<Priority>(3);
    switch (dice_.upto(19)) {
      case 0:
        both([&](Store& store) { return store.find_task("t" + std::to_string(task)); });
        break;
      case 1:
        both([&](Store& store) { return store.dependents(task); });
        break;
      case 2:
        both([&](Store& store) { return store.live_runs(task, limit); });
        break;
      case 3:
        both([&](Store& store) { return store.live_runs(task, state, limit); });
        break;
      case 4:
        both([&](Store& store) { return store.earliest_live_due(task); });
        break;
      case 5:
        both([&](Store& store) { return store.runs_after(task, any_run_, limit); });
        break;
      case 6:
        any_run_ = any_run();
        both([&](Store& store) { return store.stats(user, now); });
        both([&](Store& store) { return store.usage(user); });
        break;
      case 7:
        both([&](Store& store) { return store.due_tasks(now, limit); });
        break;
      case 8:
        both([&](Store& store) { return store.first_due(); });
        break;
      case 9:
        both([&](Store& store) { return store.ready_queues(); });
        break;
      case 10:
        both([&](Store& store) { return store.ready_runs(queue, priority, user, limit); });
        both([&](Store& store) { return store.first_ready_of_keys(queue, priority, user, limit); });
        break;
      case 11:
        both([&](Store& store) { return store.first_delayed(); });
        both([&](Store& store) { return store.running_with_key(queue); });
        both([&](Store& store) { return store.queue_loads(); });
        break;
      case 12:
        both([&](Store& store) { return store.running_runs(any_run_, limit); });
        break;
      case 13:
        both([&](Store& store) { return store.spent_once_tasks(now, limit); });
        break;
      case 14: {
        const LogRange range{task, any_run_ % 9, dice_.upto(30), dice_.any<LogLevel>(4), dice_.maybe_time(), limit};
        both([&](Store& store) { return store.logs(range); });
        break;
      }
      case 15: {
        const TimePoint from = dice_.time();
        both([&](Store& store) { return store.taken_instants(task, from, now); });
        both([&](Store& store) { return store.is_repeated(any_run_); });
        both([&](Store& store) { return store.newest_of_workflow(any_run_, task); });
        both([&](Store& store) { return store.runs_of_workflow(any_run_, 1, limit); });
        both([&](Store& store) { return store.items_of(any_run_, 1, limit); });
        break;
      }
      case 16:
      case 17:
        return page_tasks(user, limit);
      default:
        return page_runs(task, user, limit);
    }
  }
  void page_tasks(const std::string& user, std::size_t limit) {
    TaskQuery query{.visible_to = user, .oldest_first = dice_.one_in(2), .limit = limit};
    query.status = dice_.some<Status>(5);
    query.priority = dice_.some<Priority>(3);
    if (dice_.one_in(4)) query.tag = dice_.words();
    if (dice_.one_in(4)) query.type = dice_.words();
    if (dice_.one_in(4)) query.created_by = dice_.words();
    if (dice_.one_in(4)) query.assigned_to = dice_.words();
    if (dice_.one_in(4)) query.text = dice_.one_in(2) ? "OF T1" : "b";
    do {
      query.cursor = both([&](Store& store) { return store.page_tasks(query); }).next_cursor;
    } while (!query.cursor.empty());
  }
  void page_runs(TaskKey task, const std::string& user, std::size_t limit) {
    RunQuery query{.status = dice_.some<Status>(5), .visible_to = user, .oldest_first = dice_.one_in(2)};
    query.limit = limit;
    query.dead_letters = dice_.one_in(3);
    if (dice_.one_in(4)) query.item_of = "run_" + std::to_string(any_run());
    query.trigger = dice_.some<Trigger>(5);
    if (dice_.one_in(4)) query.created_after = dice_.maybe_time();
    if (dice_.one_in(4)) query.created_before = dice_.maybe_time();
    if (dice_.one_in(4)) query.finished_after = dice_.maybe_time();
    if (dice_.one_in(4)) query.finished_before = dice_.maybe_time();
    const TaskKey of = dice_.one_in(2) ? 0 : task;
    do {
      query.cursor = both([&](Store& store) { return store.page_runs(of, query); }).next_cursor;
    } while (!query.cursor.empty());
  }

  Dice dice_;
  Subject memory_{Kind::memory};
  Subject sqlite_{Kind::sqlite};
  bool open_ = false;
  RunKey any_run_ = 0;
};

TEST_CASE("all kinds of stores answer alike") {
  const char* const chosen = std::getenv("TASKCORE_SEED");
  const unsigned first = chosen != nullptr ? static_cast<unsigned>(std::strtoul(chosen, nullptr, 10)) : 1;
  const unsigned last = chosen != nullptr ? first : 12;
  for (unsigned seed = first; seed <= last; ++seed) {
    Difference difference(seed);
    for (int step = 0; step < 2500; ++step) {
      INFO("TASKCORE_SEED=" << seed << " step " << step);
      difference.step();
    }
  }
}

}  // namespace
}  // namespace taskcore::store_test
