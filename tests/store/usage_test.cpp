// What the tasks of one creator take up.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

void check(const Usage& usage, std::int64_t tasks, std::int64_t runs, std::int64_t bytes) {
  CHECK(usage.tasks == tasks);
  CHECK(usage.runs == runs);
  CHECK(usage.bytes == bytes);
}

TEST_CASE("tasks, live runs and bytes of one creator are counted") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  check(store->usage("ann").value(), 0, 0, 0);
  TaskRow a = task_row("a");
  a.spec = std::string(100, 's');
  a.state.live = 3;
  TaskRow umlaut = task_row("b");
  umlaut.spec = "\xc3\xa4";  // one letter, two bytes
  TaskRow of_bob = task_row("c");
  of_bob.created_by = "bob";
  of_bob.assigned_to = {"ann"};
  TaskRow of_nobody = task_row("d");
  of_nobody.created_by.clear();
  const TaskKey key = store.add(a);
  for (const TaskRow& row : {umlaut, of_bob, of_nobody}) store.add(row);
  for (const RunState state : {RunState::ready, RunState::waiting, RunState::held, RunState::running}) {
    RunRow run = run_row(key, state);
    run.params = std::string(10, 'p');
    store.add(run);
    run.item_of = 1;  // an item of the first
    store.add(run);
  }
  RunRow ended = settled_row(key, at(1));
  ended.params = std::string(1000, 'p');
  store.add(ended);
  check(store->usage("ann").value(), 2, 3, 142);
  check(store->usage("bob").value(), 1, 0, 12);
  check(store->usage("carl").value(), 0, 0, 0);
  check(store->usage("").value(), 0, 0, 0);
}

TEST_CASE("a deleted task counts with its live runs only, and in the open transaction at once") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  TaskRow a = task_row("a");
  a.state.live = 1;
  a.key = store.add(a);
  RunRow run = run_row(a.key, RunState::running);
  run.params = "1234";
  store.add(run);
  store->begin().value();
  a.deleted = true;
  store->update_task(a).value();
  check(store->usage("ann").value(), 0, 1, 4);
  TaskRow b = task_row("b");
  store->insert_task(b).value();
  check(store->usage("ann").value(), 1, 1, 16);
  store->rollback();
  check(store->usage("ann").value(), 1, 1, 16);
  const auto reader = store->make_reader().value();
  check(reader->usage("ann").value(), 1, 1, 16);
}

}  // namespace
}  // namespace taskcore::store_test
