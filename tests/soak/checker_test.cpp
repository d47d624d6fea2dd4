// The soak's own judgement: a store and a report that agree pass, and each way of doctoring either is found.
#include "soak/checker.hpp"

#include <sqlite3.h>

#include "store/subject.hpp"

namespace taskcore::soak {
namespace {

using store_test::at;

constexpr Duration kKeep{1000};

/// A task with a run that completed and one that is live, and the report of how they came about.
class Scene {
 public:
  Scene() {
    store_ = sqlite(path());
    store_->open().value();
    store_->begin().value();
    TaskRow task = store_test::task_row("job");
    store_->insert_task(task).value();
    RunRow done = store_test::settled_row(task.key, at(10));
    done.scheduled_for = at(5);
    CHECK(store_->insert_run(done).value());
    RunRow live = store_test::run_row(task.key);
    live.scheduled_for = at(6);
    CHECK(store_->insert_run(live).value());
    TaskState state{.live = 1, .last_run = 2, .last_settled = 1, .last_status = Status::completed, .last_completed = 1};
    store_->update_task_state(task.key, state).value();
    store_->commit().value();
    store_->close();
    tell("c job\nC job 1 0\nR run_1 job\nR run_2 job\nB run_1 1 job 5\nS run_1 completed job 1800000000010\n");
  }

  std::string path() const { return dir_.file("scene.db"); }
  void tell(const std::string& text) { CHECK(told.learn(text, at(20)) == ""); }
  std::string refused(const std::string& text) { return told.learn(text, at(20)); }
  std::string check(TimePoint now = at(30), bool drained = false) { return checker.check(told, now, drained); }

  void doctor(const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path().c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }

 private:
  store_test::TempDir dir_{};
  std::unique_ptr<Store> store_{};

 public:
  Told told{};
  Checker checker{path(), kKeep};
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("a store that holds what was told passes, again and again") {
  Scene scene;
  CHECK(scene.check() == "");
  CHECK(scene.check() == "");
  CHECK(scene.checker.stored_runs() == 2);
}

TEST_CASE("a run that is not there is a loss, unless it is as old as retention asks or its task was removed") {
  Scene scene;
  scene.doctor("DELETE FROM runs WHERE id = 1; UPDATE tasks SET last_settled = 0, last_status = 0, last_completed = 0");
  CHECK(says(scene.check(), "run_1 of job is not there"));
  SECTION("old") {
    CHECK(says(scene.check(at(10) + kKeep - Duration(1)), "run_1"));
    CHECK(scene.check(at(10) + kKeep) == "");
    CHECK(scene.checker.pruned_runs() == 1);
  }
  SECTION("removed") {
    scene.tell("d job\n");
    CHECK(scene.check() == "");
  }
}

TEST_CASE("an acknowledged run without a known end is missed until it could have ended and aged") {
  Scene scene;
  scene.tell("R run_7 job\n");
  CHECK(says(scene.check(), "run_7"));
  CHECK(scene.check(at(20) + kKeep) == "");
}

TEST_CASE("what ended stays as it was told and as it was seen") {
  Scene scene;
  REQUIRE(scene.check() == "");
  SECTION("another status") {
    scene.doctor("UPDATE runs SET state = 5 WHERE id = 1");
    CHECK(says(scene.check(), "run_1 ended completed and is failed"));
  }
  SECTION("another result") {
    scene.doctor("UPDATE runs SET result = '1' WHERE id = 1");
    CHECK(says(scene.check(), "run_1 changed after its end"));
  }
  SECTION("an end that was told and is not written") {
    scene.tell("S run_2 completed job 1800000000020\n");
    CHECK(says(scene.check(), "run_2 ended completed and is not settled"));
  }
}

TEST_CASE("tasks stand as they were told last") {
  Scene scene;
  SECTION("gone") {
    scene.doctor("UPDATE tasks SET deleted = 1");
    CHECK(says(scene.check(), "the task job is not there"));
  }
  SECTION("still there") {
    scene.tell("d job\nD job\n");
    CHECK(says(scene.check(), "the task job is still there"));
  }
  SECTION("an edit was lost") {
    scene.tell("c job\nC job 2 0\n");
    CHECK(says(scene.check(), "told at version 2"));
  }
  SECTION("a pause was lost") {
    scene.tell("c job\nC job 1 1\n");
    CHECK(says(scene.check(), "paused"));
  }
  SECTION("what was under way may or may not have taken place") {
    scene.doctor("UPDATE tasks SET version = 2");
    scene.tell("c job\n");
    CHECK(scene.check() == "");
  }
  SECTION("a once-task goes by its age only") {
    scene.tell("O once\n");
    CHECK(says(scene.check(), "the once-task once is not there"));
    CHECK(scene.check(at(20) + kKeep) == "");
  }
}

TEST_CASE("the rows agree with each other, and nothing is live after a drain") {
  Scene scene;
  SECTION("counters") {
    const char* column = GENERATE("live", "running", "last_run", "last_settled", "last_completed", "last_status");
    scene.doctor(std::string("UPDATE tasks SET ") + column + " = " + column + " + 1");
    CHECK(says(scene.check(), "counters"));
  }
  SECTION("one instant, two runs") {
    scene.doctor("DROP INDEX runs_by_instant; UPDATE runs SET scheduled_for = (SELECT max(scheduled_for) FROM runs)");
    CHECK(says(scene.check(), "two runs for one instant"));
  }
  SECTION("a live run") { CHECK(says(scene.check(at(30), true), "live after the drain")); }
}

TEST_CASE("a damaged file is found") {
  Scene scene;
  scene.doctor(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'runs_settled'; "
      "PRAGMA writable_schema = RESET");
  CHECK(scene.check() != "");
}

TEST_CASE("a report that contradicts itself is found as it is read") {
  Scene scene;
  CHECK(says(scene.refused("S run_1 completed job 9\n"), "ended twice"));
  CHECK(says(scene.refused("B run_1 2 job 5\n"), "began again"));
  CHECK(says(scene.refused("B run_9 1 job 5\n"), "twice for the instant"));
  CHECK(says(scene.refused("R run_2 job\n"), "acknowledged twice"));
  CHECK(says(scene.refused("! it broke\n"), "it broke"));
  CHECK(says(scene.refused("L pick-up\n"), "nobody tells"));
  CHECK(says(scene.refused("? x y\n"), "nobody tells"));
  CHECK(scene.refused("S run_1 comp") == "");  // cut off by a kill
}

}  // namespace
}  // namespace taskcore::soak
