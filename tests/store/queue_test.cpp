// The queue of ready runs, and the live runs of a task.
#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

RunRow ready(TaskKey task, const char* queue, Priority priority, std::int64_t ready_ms) {
  RunRow row = run_row(task);
  row.queue = queue;
  row.priority = priority;
  row.ready_at = at(ready_ms);
  return row;
}

TEST_CASE("ready runs of a queue and priority come by their instant, then by id") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunKey third = store.add(ready(task, "q", Priority::normal, 20));
  const RunKey first = store.add(ready(task, "q", Priority::normal, 10));
  const RunKey second = store.add(ready(task, "q", Priority::normal, 10));
  store.add(ready(task, "q", Priority::high, 10));
  store.add(ready(task, "r", Priority::normal, 10));
  store.add(run_row(task, RunState::held));
  CHECK(ids(store->ready_runs("q", Priority::normal, "", 9).value()) == Ids{first, second, third});
  CHECK(ids(store->ready_runs("q", Priority::normal, "", 1).value()) == Ids{first});
  CHECK(store->ready_runs("q", Priority::low, "", 9).value().empty());
  CHECK(store->ready_runs("none", Priority::normal, "", 9).value().empty());
}

TEST_CASE("the queues with ready runs are named in order") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  CHECK(store->ready_queues().value().empty());
  for (const char* queue : {"b", "a", "b"}) store.add(ready(task, queue, Priority::low, 0));
  RunRow only = ready(task, "c", Priority::high, 0);
  only.id = store.add(only);
  CHECK(store->ready_queues().value() == std::vector<std::string>{"a", "b", "c"});
  only.state = RunState::running;
  only.fence = 1;
  store.write([&](Store& s) { return s.start_run(only).value(); });
  CHECK(store->ready_queues().value() == std::vector<std::string>{"a", "b"});
}

RunRow with_key(RunRow row, const char* key) {
  row.concurrency_key = key;
  return row;
}

RunRow delayed(RunRow row) {
  row.delayed = true;
  return row;
}

TEST_CASE("ready runs are found by their concurrency key, and the first of each key in the order of the keys") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  store.add(ready(task, "q", Priority::normal, 1));
  store.add(with_key(ready(task, "q", Priority::normal, 9), "b"));
  const RunKey b = store.add(with_key(ready(task, "q", Priority::normal, 8), "b"));
  const RunKey a = store.add(with_key(ready(task, "q", Priority::normal, 30), "a"));
  const RunKey c = store.add(with_key(ready(task, "q", Priority::normal, 7), "c"));
  store.add(with_key(ready(task, "q", Priority::high, 1), "d"));
  store.add(with_key(ready(task, "r", Priority::normal, 1), "e"));
  store.add(delayed(with_key(ready(task, "q", Priority::normal, 1), "f")));
  const auto firsts = [&](const char* after, std::size_t limit) {
    return ids(store->first_ready_of_keys("q", Priority::normal, after, limit).value());
  };
  CHECK(firsts("", 9) == Ids{a, b, c});
  CHECK(firsts("a", 1) == Ids{b});
  CHECK(firsts("aa", 9) == Ids{b, c});
  CHECK(firsts("c", 9).empty());
  CHECK(ids(store->ready_runs("q", Priority::normal, "b", 1).value()) == Ids{b});
  CHECK(store->ready_runs("q", Priority::normal, "b", 9).value().size() == 2);
  CHECK(store->ready_runs("q", Priority::normal, "", 9).value().size() == 1);
}

TEST_CASE("a long line of one key is served from its front, whoever leaves it or comes back") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  store.add(with_key(ready(task, "q", Priority::normal, 1), "z"));
  Ids line;
  for (int i = 0; i < 200; ++i) {
    line.push_back(store.add(with_key(ready(task, "q", Priority::normal, 10 + i), "k")));
  }
  const auto check = [&] {
    const auto firsts = store->first_ready_of_keys("q", Priority::normal, "", 1).value();
    REQUIRE(firsts.size() == 1);
    REQUIRE((line.empty() ? firsts[0].concurrency_key == "z" : firsts[0].id == line[0]));
    REQUIRE(ids(store->ready_runs("q", Priority::normal, "k", 999).value()) == line);
    REQUIRE(store->queue_loads().value().at(0).ready == line.size() + 1);
    REQUIRE(store->make_reader().value()->queue_loads().value().at(0).ready == line.size() + 1);
  };
  const auto start = [&](RunKey id) {
    RunRow row = store.run(id);
    row.state = RunState::running;
    ++row.fence;
    REQUIRE(store.write([&](Store& s) { return s.start_run(row).value(); }));
  };
  const auto start_first = [&] {
    start(line[0]);
    line.erase(line.begin());
    check();
  };
  check();
  const RunKey first = line[0];
  for (int i = 0; i < 100; ++i) start_first();
  // The first of all comes back to where it was.
  RunRow back = store.run(first);
  back.state = RunState::ready;
  REQUIRE(store.write([&](Store& s) { return s.settle_run(back).value(); }));
  line.insert(line.begin(), first);
  check();
  // One from within goes to another queue, one is started out of turn.
  RunRow moved = store.run(line[50]);
  moved.queue = "r";
  REQUIRE(store.write([&](Store& s) { return s.change_run(moved, RunState::ready).value(); }));
  start(line[70]);
  line.erase(line.begin() + 70);
  line.erase(line.begin() + 50);
  check();
  CHECK(ids(store->first_ready_of_keys("r", Priority::normal, "", 9).value()) == Ids{moved.id});
  store.reopen();
  while (!line.empty()) start_first();
  line.push_back(store.add(with_key(ready(task, "q", Priority::normal, 0), "k")));
  check();
}

TEST_CASE("a run is found though what was known of its line was rolled back") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunKey late = store.add(with_key(ready(task, "q", Priority::normal, 100), "a"));
  store.reopen();
  const auto start = [&](RunKey id) {
    RunRow row = store.run(id);
    row.state = RunState::running;
    ++row.fence;
    REQUIRE(store->start_run(row).value());
  };
  store->begin().value();
  start(late);
  RunRow other = with_key(ready(task, "q", Priority::normal, 50), "b");
  store->insert_run(other).value();
  store->rollback();
  const RunKey early = store.add(with_key(ready(task, "q", Priority::normal, 60), "a"));
  CHECK(ids(store->ready_runs("q", Priority::normal, "a", 9).value()) == Ids{early, late});
  store.write([&](Store&) { start(late); });
  CHECK(ids(store->first_ready_of_keys("q", Priority::normal, "", 9).value()) == Ids{early});
}

TEST_CASE("a delayed run is not found as ready until it is woken, the first that is due first") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  CHECK_FALSE(store->first_delayed().value());
  const RunKey later = store.add(delayed(ready(task, "q", Priority::normal, 20)));
  const RunKey first = store.add(delayed(ready(task, "q", Priority::normal, 10)));
  store.add(delayed(ready(task, "r", Priority::low, 30)));
  CHECK(store->first_delayed().value() == at(10));
  CHECK(store->ready_queues().value().empty());
  const auto wake = [&](std::int64_t now, std::size_t limit) {
    return store.write([&](Store& s) { return s.wake_delayed(at(now), limit).value(); });
  };
  CHECK(wake(9, 9).empty());
  CHECK(wake(30, 1) == std::vector<std::string>{"q"});
  CHECK(ids(store->ready_runs("q", Priority::normal, "", 9).value()) == Ids{first});
  CHECK(store->first_delayed().value() == at(20));
  CHECK(wake(30, 9) == std::vector<std::string>{"q", "r"});
  CHECK(ids(store->ready_runs("q", Priority::normal, "", 9).value()) == Ids{first, later});
  CHECK_FALSE(store->first_delayed().value());
}

TEST_CASE("runs that run are counted by their key, and all by their queue") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  for (const char* key : {"a", "a", "b", ""}) store.add(with_key(run_row(task, RunState::running), key));
  store.add(with_key(run_row(task), "a"));
  CHECK(store->running_with_key("a").value() == 2);
  CHECK(store->running_with_key("none").value() == 0);
  store.add(ready(task, "q", Priority::high, 1));
  store.add(delayed(ready(task, "q", Priority::low, 1)));
  const auto loads = store->queue_loads().value();
  REQUIRE(loads.size() == 2);
  CHECK((loads[0].queue == "default" && loads[0].ready == 1 && loads[0].delayed == 0 && loads[0].running == 4));
  CHECK((loads[1].queue == "q" && loads[1].ready == 1 && loads[1].delayed == 1 && loads[1].running == 0));
  store.add(ready(task, "q", Priority::low, 7));
  store.add(ready(task, "q", Priority::normal, 4));
  CHECK(store->queue_loads().value()[1].oldest_ready == at(1));
}

TEST_CASE("queues and rates come back as they were put, and rates go when they have expired") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) {
    for (const char* name : {"b", "a", "b"}) s.put_queue({name, "{}", at(name[0])}).value();
    s.put_rate({"b", "", "first", at(4)}).value();
    s.put_rate({"b", "key", "x", at(6)}).value();
    return s.put_rate({"b", "", "second", at(5)}).value();
  });
  store.reopen();
  CHECK(store->find_queue("b").value()->updated_at == at('b'));
  CHECK_FALSE(store->find_queue("c").value());
  CHECK(store->queues("", 9).value().size() == 2);
  CHECK(store->queues("a", 9).value().at(0).name == "b");
  CHECK(store->find_rate("b", "").value()->starts == "second");
  CHECK(store.write([](Store& s) { return s.prune_rates(at(5), 9).value(); }) == 1);
  CHECK_FALSE(store->find_rate("b", "").value());
  CHECK(store->find_rate("b", "key").value()->expires_at == at(6));
}

TEST_CASE("live runs of a task come oldest first, whatever their due instants") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const TaskKey other = store.add(task_row("b"));
  CHECK_FALSE(store->earliest_live_due(task).value());
  Ids live;
  for (const RunState state : {RunState::ready, RunState::waiting, RunState::held, RunState::running}) {
    for (int i = 0; i < 2; ++i) {
      RunRow row = run_row(task, state);
      row.due_at = at(100 - static_cast<std::int64_t>(live.size()));
      live.push_back(store.add(row));
      store.add(run_row(other, state));
      store.add(settled_row(task, at(1)));
    }
  }
  CHECK(ids(store->live_runs(task, 99).value()) == live);
  CHECK(ids(store->live_runs(task, 3).value()) == Ids(live.begin(), live.begin() + 3));
  CHECK(ids(store->live_runs(task, RunState::ready, 9).value()) == Ids{live[0], live[1]});
  CHECK(ids(store->live_runs(task, RunState::waiting, 9).value()) == Ids{live[2], live[3]});
  CHECK(ids(store->live_runs(task, RunState::held, 1).value()) == Ids{live[4]});
  CHECK(ids(store->live_runs(task, RunState::running, 9).value()) == Ids{live[6], live[7]});
  CHECK(store->live_runs(task, RunState::completed, 9).value().empty());
  CHECK(store->earliest_live_due(task).value() == at(93));
}

TEST_CASE("the ready runs of a task are found in every part of their index") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  Ids made;
  TaskRow task = task_row("a");
  TaskRow other = task_row("b");
  for (const RunKey last : {RunKey(0), RunKey(32'767), RunKey(400'000), RunKey(32) << 15, RunKey(70'000'000)}) {
    store->close();
    if (last != 0) ask(path, "UPDATE last_keys SET run = " + std::to_string(last));
    store->open().value();
    store->begin().value();
    if (last == 0) {
      store->insert_task(task).value();
      store->insert_task(other).value();
    }
    for (const TaskKey key : {other.key, task.key}) {
      RunRow run = ready(key, "q", Priority::normal, 1);
      run.due_at = at(100 - static_cast<std::int64_t>(made.size()));
      run.params = "12";
      store->insert_run(run).value();
      if (key == task.key) made.push_back(run.id);
    }
    task.state.live = std::ssize(made);
    store->update_task_state(task.key, task.state).value();
    store->commit().value();
    REQUIRE(made.back() > last);
  }
  CHECK(ids(store->live_runs(task.key, RunState::ready, 99).value()) == made);
  CHECK(ids(store->live_runs(task.key, 3).value()) == Ids(made.begin(), made.begin() + 3));
  CHECK(ids(store->runs_after(task.key, made[1], 99).value()) == Ids(made.begin() + 2, made.end()));
  CHECK(ids(store->page_runs(task.key, {}).value().items) == Ids(made.rbegin(), made.rend()));
  CHECK(store->earliest_live_due(task.key).value() == at(96));
  CHECK(store->usage("ann").value().bytes == 2 * std::ssize(task.spec.view()) + 2 * std::ssize(made));
}

TEST_CASE("running runs of all tasks come by id, in pages") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey second = store.add(task_row("b"));
  const TaskKey first = store.add(task_row("a"));
  Ids running;
  for (const TaskKey task : {first, second, first}) {
    running.push_back(store.add(run_row(task, RunState::running)));
    store.add(run_row(task));
  }
  CHECK(ids(store->running_runs(0, 2).value()) == Ids{running[0], running[1]});
  CHECK(ids(store->running_runs(running[1], 2).value()) == Ids{running[2]});
}

TEST_CASE("the runs of a task after a given one come oldest first") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const TaskKey other = store.add(task_row("b"));
  Ids runs;
  for (int i = 0; i < 3; ++i) {
    runs.push_back(store.add(i == 1 ? run_row(task) : settled_row(task, at(1))));
    store.add(run_row(other));
  }
  CHECK(ids(store->runs_after(task, 0, 9).value()) == runs);
  CHECK(ids(store->runs_after(task, runs[0], 1).value()) == Ids{runs[1]});
  CHECK(store->runs_after(task, runs[2], 9).value().empty());
}

TEST_CASE("the instants that a task has runs for come in order, whenever the runs were made") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const TaskKey other = store.add(task_row("b"));
  for (const int instant : {5, 9, 3, 7}) {
    RunRow row = instant == 9 ? run_row(task) : settled_row(task, at(1));
    row.scheduled_for = at(instant);
    store.add(row);
    store.add(run_row(task));
    row.task = other;
    row.scheduled_for = at(instant + 1);
    store.add(row);
  }
  using Instants = std::vector<TimePoint>;
  CHECK(store->taken_instants(task, at(0), at(99)).value() == Instants{at(3), at(5), at(7), at(9)});
  CHECK(store->taken_instants(task, at(5), at(7)).value() == Instants{at(5), at(7)});
  CHECK(store->taken_instants(task, at(8), at(8)).value().empty());
  CHECK(store->taken_instants(99, at(0), at(99)).value().empty());
}

}  // namespace
}  // namespace taskcore::store_test
