// Calendars, and who names them.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

std::vector<std::string> names(const std::vector<CalendarRow>& rows) {
  std::vector<std::string> out;
  for (const CalendarRow& row : rows) out.push_back(row.name);
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a calendar is found as it was put last") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  CHECK_FALSE(store->find_calendar("a").value());
  store.write([](Store& s) { s.put_calendar({"a", std::string("{}"), at(1)}).value(); });
  store.write([](Store& s) { s.put_calendar({"a", std::string("{\"x\":1}"), at(2)}).value(); });
  store.reopen();
  const auto row = store->find_calendar("a").value().value();
  CHECK(row.spec.view() == "{\"x\":1}");
  CHECK(row.updated_at == at(2));
  store.write([](Store& s) { s.remove_calendar("a").value(); });
  store.write([](Store& s) { s.remove_calendar("a").value(); });
  CHECK_FALSE(store->find_calendar("a").value());
}

TEST_CASE("calendars are listed by name") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) {
    for (const char* name : {"b", "d", "a", "c"}) s.put_calendar({name, std::string("{}"), at(1)}).value();
  });
  CHECK(names(store->calendars("", 10).value()) == Names{"a", "b", "c", "d"});
  CHECK(names(store->calendars("a", 2).value()) == Names{"b", "c"});
  CHECK(store->calendars("d", 2).value().empty());
}

TEST_CASE("a calendar that was rolled back is not there") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) { s.put_calendar({"a", std::string("{}"), at(1)}).value(); });
  store->begin().value();
  store->put_calendar({"b", std::string("{}"), at(1)}).value();
  store->remove_calendar("a").value();
  CHECK(names(store->calendars("", 10).value()) == Names{"b"});
  store->rollback();
  CHECK(names(store->calendars("", 10).value()) == Names{"a"});
}

TEST_CASE("the tasks of a calendar are those that name it now") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  Ids keys;
  for (const char* id : {"a", "b", "c", "other"}) {
    TaskRow row = task_row(id);
    row.calendar = row.id == "other" ? "z" : "x";
    keys.push_back(store.add(row));
  }
  CHECK(store->tasks_of_calendar("x", 0, 10).value() == Ids{keys[0], keys[1], keys[2]});
  CHECK(store->tasks_of_calendar("x", keys[0], 1).value() == Ids{keys[1]});
  TaskRow moved = store.task(keys[0]);
  moved.calendar = "z";
  TaskRow gone = store.task(keys[1]);
  gone.deleted = true;
  store.write([&](Store& s) {
    s.update_task(moved).value();
    s.update_task(gone).value();
  });
  store.reopen();
  CHECK(store->tasks_of_calendar("x", 0, 10).value() == Ids{keys[2]});
  CHECK(store->tasks_of_calendar("z", 0, 10).value() == Ids{keys[0], keys[3]});
  CHECK(store.task(keys[0]).calendar == "z");
}

}  // namespace taskcore::store_test
