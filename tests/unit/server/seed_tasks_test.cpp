// What an old tasks.json becomes.
#include "client/seed_tasks.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

TranslatedTask translated(std::string_view text) { return translate_task(json::parse(text).as_object()); }

}  // namespace

TEST_CASE("fields that are the server's, and those that nobody knows, are left out and told", "[client]") {
  const auto task =
      translated(R"({"id":"task_1","name":"Cleanup","type":"script","config":{"command":"node","args":["a.js"]},
      "schedule":"daily at 2:00","priority":"high","dependencies":["task_0"],"maxRetries":3,"timeout":300000,"assignedTo":null,
      "status":"completed","createdBy":"u1","createdAt":"2024-01-15T10:30:00.000Z","retryCount":1,"logs":[{"level":"ERROR"}]})");
  CHECK(json::value(task.task) == json::parse(R"({"id":"task_1","name":"Cleanup","type":"script",
      "config":{"command":"node","args":["a.js"]},"schedule":"daily at 2:00","priority":"high","dependencies":["task_0"],
      "maxRetries":3,"timeout":300000,"assignedTo":null})"));
  CHECK(task.left_out == std::vector<std::string>{"status", "createdBy", "createdAt", "retryCount", "logs"});
  CHECK(task.notes.empty());
}

TEST_CASE("a command that is meant for a shell gets one", "[client]") {
  const auto redirected = translated(R"({"name":"Backup","type":"script","status":"pending",
      "config":{"command":"pg_dump","args":["-U","user","mydb",">","backup.sql"],"cwd":"/backups"}})");
  CHECK(redirected.task.at("config").at("shell") == true);
  CHECK(redirected.notes.size() == 1);
  const auto line =
      translated(R"({"name":"B","type":"script","status":"pending","config":{"command":"make && make test"}})");
  CHECK(line.task.at("config").at("shell") == true);
  const auto plain =
      translated(R"({"name":"C","type":"script","status":"pending","config":{"command":"grep","args":["a>b"]}})");
  CHECK_FALSE(plain.task.at("config").as_object().contains("shell"));
}

TEST_CASE("a cancelled task does not run again by itself", "[client]") {
  const auto task = translated(R"({"name":"A","status":"cancelled","schedule":"every 5 minutes"})");
  CHECK(task.task.at("paused") == true);
  CHECK(task.notes.size() == 1);
}

TEST_CASE("tasks of this server stay as they are", "[client]") {
  const auto exported = translated(R"({"name":"A","type":"script","config":{"command":"echo","args":[">"]}})");
  CHECK_FALSE(exported.task.at("config").as_object().contains("shell"));
  CHECK(exported.left_out.empty());
  const auto read = translated(R"({"name":"A","type":"script","config":{"command":"echo","args":[">"]},
      "status":"cancelled","version":3,"lastRun":null})");
  CHECK_FALSE(read.task.at("config").as_object().contains("shell"));
  CHECK_FALSE(read.task.contains("paused"));
  CHECK(read.left_out == std::vector<std::string>{"status", "version", "lastRun"});
}

TEST_CASE("what was read can be applied: the server's own fields are dropped", "[client]") {
  auto task = json::parse(R"({"id":"a","name":"A","odd":1,"status":"failed","version":7,"lastRun":{},"waitingOn":[]})")
                  .as_object();
  drop_own_fields(task);
  CHECK(json::value(task) == json::parse(R"({"id":"a","name":"A","odd":1})"));
}
