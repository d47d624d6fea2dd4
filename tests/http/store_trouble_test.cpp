// A taskd whose disk is full, or whose store is taken away while it serves: what clients see, and that it is over by
// itself. The disk is full by a limit on the size of files, which any user may set.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <filesystem>

#include "http/client_process.hpp"
#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

const std::map<std::string, std::string> kNoLimit{{"TASK_RATE_LIMIT", "0"}};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void limit_files(const TaskdProcess& taskd, bool is_full) {
  rlimit limit{};
  REQUIRE(::prlimit(taskd.pid(), RLIMIT_FSIZE, nullptr, &limit) == 0);
  limit.rlim_cur = is_full ? 0 : limit.rlim_max;
  REQUIRE(::prlimit(taskd.pid(), RLIMIT_FSIZE, &limit, nullptr) == 0);
}

RawResponse create(TaskdProcess& taskd, const std::string& id) {
  return taskd.call("POST", "/api/tasks", R"({"name":"x","id":")" + id + "\"}");
}

/// What every client sees while nothing can be written.
void check_refusals(TaskdProcess& taskd, std::string_view words) {
  for (const RawResponse& answer : {create(taskd, "refused"), taskd.call("GET", "/readyz")}) {
    INFO(answer.body);
    CHECK(answer.status == 503);
    CHECK(answer.headers.at("retry-after") == "5");
    CHECK(has(answer.body, words));
    CHECK_FALSE(has(answer.body, "tasks.db"));
  }
  CHECK(taskd.call("GET", "/livez").status == 200);
  CHECK(taskd.call("GET", "/api/tasks/kept").status == 200);
  CHECK(taskd.call("GET", "/api/tasks").status == 200);
  CHECK(taskd.call("GET", "/api/tasks/refused").status == 404);
}

std::string status_of(TaskdProcess& taskd, const std::string& task) {
  return std::string(json::parse(taskd.call("GET", "/api/tasks/" + task).body).at("status").as_string());
}

/// Until the task has that status, for half a minute.
bool comes_to(TaskdProcess& taskd, const std::string& task, std::string_view status) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (status_of(taskd, task) != status) {
    if (std::chrono::steady_clock::now() > end) return false;
  }
  return true;
}

/// The pipe's end to write to, once a script reads from the other; -1 after half a minute without one.
int open_read_one(const std::string& pipe) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  int fd = -1;
  while (fd < 0 && std::chrono::steady_clock::now() < end) {
    fd = ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  }
  return fd;
}

std::string checked(const TempDir& dir) {
  const auto told = ClientProcess({"check", "--data-dir", dir.file("data")}, {}).finish();
  return told.out + told.err;
}

}  // namespace

TEST_CASE("a full disk refuses writes with 503, reads go on, and all goes on when there is room again", "[trouble]") {
  TempDir dir;
  const std::string pipe = dir.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  {
    TaskdProcess taskd(dir.file("data"), kNoLimit);
    REQUIRE(create(taskd, "kept").status == 201);
    REQUIRE(
        taskd
            .call("POST", "/api/tasks",
                  R"({"id":"long","name":"x","type":"script","schedule":"now","config":{"command":"cat","args":[")" +
                      pipe + "\"]}}")
            .status == 201);
    const int end_of_work = open_read_one(pipe);
    REQUIRE(end_of_work >= 0);
    limit_files(taskd, true);
    check_refusals(taskd, "The disk is full");
    ::close(end_of_work);  // the script ends, and its end cannot be written
    taskd.read_until("the disk is full");
    check_refusals(taskd, "The disk is full");
    CHECK(status_of(taskd, "long") == "running");
    limit_files(taskd, false);
    taskd.read_until("store: it takes writes again");
    CHECK(taskd.call("GET", "/readyz").status == 200);
    CHECK(comes_to(taskd, "long", "completed"));
    CHECK(create(taskd, "later").status == 201);
    taskd.signal(SIGKILL);
    CHECK(taskd.exit_code() == -SIGKILL);
  }
  CHECK(has(checked(dir), "is in order: 3 tasks, 1 runs"));
}

TEST_CASE("a store whose file was taken away takes no writes until it is back", "[trouble]") {
  TempDir dir;
  const std::string store = dir.file("data/tasks.db");
  TaskdProcess taskd(dir.file("data"), kNoLimit);
  REQUIRE(create(taskd, "kept").status == 201);
  CHECK(taskd.call("GET", "/api/tasks/kept").status == 200);
  std::filesystem::rename(store, dir.file("away"));
  check_refusals(taskd, "The store cannot be used at present.");
  taskd.read_until("was removed or replaced while it was open");
  std::filesystem::rename(dir.file("away"), store);
  taskd.read_until("store: it takes writes again");
  CHECK(taskd.call("GET", "/readyz").status == 200);
  CHECK(create(taskd, "later").status == 201);
}

TEST_CASE("a taskd that is told to stop while the disk is full ends with 0, and all is there", "[trouble]") {
  TempDir dir;
  {
    TaskdProcess taskd(dir.file("data"), kNoLimit);
    REQUIRE(create(taskd, "kept").status == 201);
    limit_files(taskd, true);
    CHECK(create(taskd, "refused").status == 503);
    taskd.signal(SIGTERM);
    CHECK(taskd.exit_code() == 0);
  }
  CHECK(has(checked(dir), "is in order: 1 tasks, 0 runs"));
}
