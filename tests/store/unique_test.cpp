// The unique keys of tasks.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

TaskRow keyed(std::string id, std::string user) {
  TaskRow row = task_row(std::move(id));
  row.created_by = std::move(user);
  row.unique_key = "key";
  return row;
}

}  // namespace

TEST_CASE("a task is found by its creator and unique key") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey of_ann = store.add(keyed("a", "ann"));
  const TaskKey of_nobody = store.add(keyed("b", ""));
  store.add(task_row("c"));
  CHECK(store->find_unique("ann", "key").value() == of_ann);
  CHECK(store->find_unique("", "key").value() == of_nobody);
  CHECK_FALSE(store->find_unique("bob", "key").value());
  CHECK_FALSE(store->find_unique("ann", "other").value());
  store.reopen();
  CHECK(store.task(of_ann).unique_key == "key");
  CHECK(store->find_unique("ann", "key").value() == of_ann);
}

TEST_CASE("a unique key can pass on, and goes with its task") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey first = store.add(keyed("a", "ann"));
  TaskKey second = 0;
  store.write([&](Store& s) {
    TaskRow former = s.find_task(first).value().value();
    former.unique_key.clear();
    s.update_task(former).value();
    TaskRow row = keyed("b", "ann");
    s.insert_task(row).value();
    second = row.key;
    CHECK(s.find_unique("ann", "key").value() == second);
  });
  store.write([&](Store& s) {
    TaskRow row = s.find_task(second).value().value();
    row.deleted = true;
    s.update_task(row).value();
  });
  CHECK_FALSE(store->find_unique("ann", "key").value());
}

}  // namespace taskcore::store_test
