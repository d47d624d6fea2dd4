// What a client sees of a disk that no longer takes what is written to it, and that it is over when the disk is well
// again. SQLite's file system is told to fail as it does on such a disk.
#include "http/test_app.hpp"
#include "store/faulty_vfs.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "taskcore/stores/sqlite.hpp"

using namespace taskd::testing;
using taskcore::store_test::FaultyVfs;
using test_support::TempDir;

namespace {

/// The interface over a file on that disk.
struct World {
  FaultyVfs disk{};
  TempDir dir{};
  TestApp app{{}, {}, {}, taskcore::sqlite(taskcore::SqliteOptions{.path = dir.file("tasks.db")})};

  int create(std::string_view id) {
    return app.post("alice", "/api/tasks", R"({"name":"x","id":")" + std::string(id) + "\"}").status;
  }

  void check_writes_refused() {
    const std::string_view create = R"({"name":"x","id":"refused"})";
    for (const AppAnswer& answer : {app.post("alice", "/api/tasks", create), app.get("", "/readyz")}) {
      INFO(answer.text);
      CHECK(answer.status == 503);
      CHECK(answer.headers.get("Retry-After") == "5");
      CHECK(answer.text.find("The store cannot be used at present.") != std::string::npos);
      CHECK(answer.text.find("tasks.db") == std::string::npos);
    }
    CHECK(app.get("", "/livez").status == 200);
    CHECK(app.get("alice", "/api/tasks/kept").status == 200);
  }

  void check_is_over() {
    CHECK(create("later") == 201);
    CHECK(app.get("", "/readyz").status == 200);
    CHECK(app.get("alice", "/api/tasks/kept").status == 200);
  }
};

}  // namespace

TEST_CASE("a disk that became read-only refuses writes with 503, and reads go on", "[trouble]") {
  World world;
  REQUIRE(world.create("kept") == 201);
  world.disk.fail_writes(SQLITE_IOERR_WRITE);  // what SQLite makes of EROFS and EIO
  for (int i = 0; i < 2; ++i) {
    world.check_writes_refused();
    CHECK(world.app.get("alice", "/api/tasks").body.at("tasks").as_array().size() == 1);
    CHECK(world.app.get("alice", "/api/tasks/refused").status == 404);
  }
  world.disk.fail_writes(SQLITE_OK);
  world.check_is_over();
  CHECK(world.app.get("alice", "/api/tasks").body.at("tasks").as_array().size() == 2);
}

TEST_CASE("a disk whose syncs fail acknowledges no write, and what was there stays", "[trouble]") {
  World world;
  REQUIRE(world.create("kept") == 201);
  world.disk.fail_syncs(SQLITE_IOERR_FSYNC);
  world.check_writes_refused();  // it may be there all the same: nobody was told so
  world.disk.fail_syncs(SQLITE_OK);
  world.check_is_over();
}
