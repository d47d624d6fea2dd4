// Tasks as JSON, and new tasks out of JSON.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "samples.hpp"
#include "support/catch.hpp"
#include "taskcore/json.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

Result<TaskSpec> read(std::string_view text) { return task_from_json(json::parse(text).as_object()); }

/// "pointer: detail" of each fault, in order.
std::vector<std::string> faults(std::string_view text) {
  std::vector<std::string> out;
  if (const auto spec = read(text); !spec) {
    CHECK(spec.error().code == Errc::invalid);
    for (const FieldError& field : spec.error().fields) out.push_back(field.pointer + ": " + field.detail);
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a spec that is written and read again is the same") {
  const TaskSpec spec = samples::full_spec();
  const auto read_again = task_from_json(to_json(spec));
  REQUIRE(read_again.has_value());
  CHECK(samples::same(*read_again, spec));
}

TEST_CASE("a task's text is what its object is as text") {
  Task task;
  CHECK(to_json_text(task) == json::serialize(to_json(task)));
  static_cast<TaskSpec&>(task) = samples::full_spec();
  task.created_by = "\x01\"\\\x7f\xC3\xA4";
  task.waiting_on = {"a", "b"};
  task.next_run_at = task.start_at;
  task.version = 7;
  CHECK(to_json_text(task) == json::serialize(to_json(task)));
}

TEST_CASE("a spec shows every field in the interface's order and shape") {
  TaskSpec spec = samples::full_spec();
  spec.config = call("f");
  CHECK(json::serialize(to_json(spec)) ==
        "{\"id\":\"build:app-1.0\",\"name\":\"Bau \xC3\xA4\xE2\x82\xAC "
        "\\\"quoted\\\"\",\"description\":\"two\\nlines\\tand a tab\","
        "\"type\":\"custom\",\"config\":{\"function\":\"f\"},\"schedule\":\"daily at "
        "2:00\",\"timezone\":\"Europe/Berlin\","
        "\"startAt\":\"2027-01-15T08:00:00.123Z\",\"endAt\":\"2030-03-17T17:46:40.456Z\","
        "\"maxRuns\":12,\"calendar\":\"rest\",\"onClosedDay\":\"next_working_day\",\"scheduleJitter\":90000,"
        "\"priority\":\"high\","
        "\"dependencies\":[\"task_run_tests\",\"lint\"],\"triggerRule\":\"any_failed\",\"onDependencyFailure\":"
        "\"cancel\",\"forEach\":\"${params.files}\","
        "\"maxRetries\":0,\"retry\":{\"initialDelay\":7,\"multiplier\":4.614384090742737E1,\"maxDelay\":8,\"jitter\":"
        "\"none\"},"
        "\"timeout\":1,\"misfire\":\"run_all\",\"catchUpLimit\":9,\"startDeadline\":60000,\"overlap\":\"cancel_"
        "previous\","
        "\"recovery\":\"fail\",\"maxLost\":1,\"killGrace\":0,\"queue\":\"reports\",\"concurrencyKey\":\"customer "
        "7\",\"uniqueKey\":\"order 42\",\"tags\":[\"nightly\",\"b\"],"
        "\"assignedTo\":[\"bob\"],\"notify\":{\"onFailure\":[{\"task\":\"page\"},{\"webhook\":{\"url\":\"https://"
        "x/\"}}],\"onRecovery\":{\"task\":\"page\"},\"onLate\":{\"task\":\"page\",\"after\":90000}},"
        "\"paused\":true}");
}

TEST_CASE("several tasks are read at once, and what is wrong is told of each") {
  const auto read_all = [](std::string_view text) { return tasks_from_json(json::parse(text).as_array()); };
  const auto specs = read_all(R"([{"name":"a","dependencies":["b"]},{"id":"b","name":"b"}])");
  REQUIRE(specs.has_value());
  REQUIRE(specs->size() == 2);
  CHECK((*specs)[0].dependencies == Texts{"b"});
  CHECK((*specs)[1].id == "b");

  const auto wrong = read_all(R"([{"name":"a"},null,{"retry":{"jitter":7}}])");
  REQUIRE(wrong.has_error());
  Texts where;
  for (const FieldError& field : wrong.error().fields) where.push_back(field.pointer);
  CHECK(where == Texts{"/1", "/2/retry/jitter", "/2/name"});
  CHECK(wrong.error().detail == "/1: must be an object (and 2 more)");
  CHECK(read_all("[]").error().code == Errc::invalid);
}

TEST_CASE("what a spec leaves open is null, and so is the manual schedule") {
  for (const char* schedule : {"", "manual"}) {
    TaskSpec spec;
    spec.name = "n";
    spec.schedule = schedule;
    const json::object shown = to_json(spec);
    for (const char* field : {"id", "timezone", "schedule", "startAt", "endAt", "maxRuns", "calendar", "forEach",
                              "maxRetries", "timeout", "startDeadline", "notify"}) {
      INFO(field);
      CHECK(shown.at(field).is_null());
    }
    CHECK(json::serialize(shown.at("retry")) ==
          R"({"initialDelay":1000,"multiplier":2,"maxDelay":3600000,"jitter":"full"})");
  }
}

TEST_CASE("a task shows its spec and where it stands") {
  Task task;
  static_cast<TaskSpec&>(task) = samples::full_spec();
  task.status = Status::completed;
  task.created_by = "alice";
  task.created_at = task.updated_at = samples::at(0);
  task.version = 7;
  task.next_run_at = samples::at(1);
  task.waiting_on = {"lint"};
  json::object shown = to_json(task);
  for (const auto& field : to_json(static_cast<const TaskSpec&>(task))) {
    CHECK(shown.at(field.key()) == field.value());
    shown.erase(field.key());
  }
  CHECK(json::value(shown) ==
        json::parse(R"({"status": "completed", "createdBy": "alice", "createdAt": "1970-01-01T00:00:00.000Z",
      "updatedAt": "1970-01-01T00:00:00.000Z", "version": 7, "nextRunAt": "1970-01-01T00:00:00.001Z", "retryAt": null,
      "waitingOn": ["lint"]})"));
}

TEST_CASE("a name is all that a new task needs") {
  const auto spec = read(R"({"name": "Join"})");
  REQUIRE(spec.has_value());
  TaskSpec expected;
  expected.name = "Join";
  CHECK(samples::same(*spec, expected));
  CHECK(faults("{}") == Texts{"/name: is required"});
  CHECK(faults(R"({"name": null})") == Texts{"/name: is required"});
}

TEST_CASE("null stands for the default, in every field") {
  json::object all = to_json(samples::full_spec());
  for (auto& field : all) field.value() = nullptr;
  all["name"] = "n";
  for (const char* absent : {"concurrencyKey", "maxRuns", "lastRun", "status"}) all[absent] = nullptr;
  const auto spec = task_from_json(all);
  REQUIRE(spec.has_value());
  TaskSpec expected;
  expected.name = "n";
  CHECK(samples::same(*spec, expected));
}

TEST_CASE("assignedTo takes a string or a list") {
  CHECK(read(R"({"name": "n", "assignedTo": "bob"})")->assigned_to == Texts{"bob"});
  CHECK(read(R"({"name": "n", "assignedTo": ["bob", "eve"]})")->assigned_to == Texts{"bob", "eve"});
  CHECK(faults(R"({"name": "n", "assignedTo": 1})") == Texts{"/assignedTo: must be a string or a list of strings"});
  CHECK(faults(R"({"name": "n", "assignedTo": ["a", null]})") == Texts{"/assignedTo/1: must be a string"});
}

TEST_CASE("every wrong type is listed, with what is expected") {
  CHECK(
      faults(
          R"({"name": 1, "type": [], "config": "x", "tags": "x", "priority": "urgent", "maxRetries": 1.5, "timeout": "5s",
                   "paused": 0, "retry": {"multiplier": "2", "jitter": 1, "maxDelay": 0.1}, "dependencies": ["a", 2, {}],
                   "startAt": 5, "endAt": "tomorrow", "overlap": null})") ==
      Texts{"/name: must be a string", "/type: must be a string", "/config: must be an object",
            "/tags: must be a list of strings", "/priority: must be one of \"low\", \"normal\", \"high\"",
            "/maxRetries: must be a whole number", "/timeout: must be a whole number of milliseconds",
            "/paused: must be true or false", "/retry/multiplier: must be a number",
            "/retry/jitter: must be one of \"none\", \"full\"",
            "/retry/maxDelay: must be a whole number of milliseconds", "/dependencies/1: must be a string",
            "/dependencies/2: must be a string",
            "/startAt: must be a time in RFC 3339, such as \"2027-01-31T09:00:00Z\"",
            "/endAt: \"tomorrow\" is not a time; write RFC 3339 with a zone, such as \"2027-01-31T09:00:00Z\""});
}

TEST_CASE("unknown fields are listed, with the name that was perhaps meant") {
  CHECK(
      faults(
          R"({"name": "n", "max_retries": 1, "Timeout": 1, "color": "red", "a/b~": 0, "retry": {"maxdelay": 1, "x": 1}})") ==
      Texts{"/max_retries: unknown field; did you mean \"maxRetries\"?",
            "/Timeout: unknown field; did you mean \"timeout\"?", "/color: unknown field", "/a~1b~0: unknown field",
            "/retry/maxdelay: unknown field; did you mean \"maxDelay\"?", "/retry/x: unknown field"});
  CHECK(faults(R"({"name": "n", "for_each": 5, "signal": {}})") ==
        Texts{"/for_each: unknown field; did you mean \"forEach\"?", "/signal: unknown field"});
}

TEST_CASE("the scheduler's own fields are refused") {
  CHECK(faults(R"({"name": "n", "status": "pending", "version": 1, "lastRun": {}, "createdBy": null})") ==
        Texts{"/status: is set by the scheduler; leave it out", "/version: is set by the scheduler; leave it out",
              "/lastRun: is set by the scheduler; leave it out"});
}

TEST_CASE("the ways to wait for dependencies are words") {
  CHECK(faults(R"({"name": "n", "triggerRule": "any_failed", "onDependencyFailure": "cancel"})").empty());
  CHECK(faults(R"({"name": "n", "triggerRule": "none_failed", "onDependencyFailure": "skip"})") ==
        Texts{"/triggerRule: must be one of \"all_completed\", \"all_finished\", \"any_completed\", \"any_failed\"",
              "/onDependencyFailure: must be one of \"wait\", \"cancel\", \"run\""});
}

TEST_CASE("whole numbers may be written in any way, and huge ones are left to the range check") {
  const auto spec = read(R"({"name": "n", "timeout": 3e5, "maxRetries": 1e300, "killGrace": 18446744073709551615,
                             "maxLost": -9e99, "retry": {"multiplier": 3}})");
  REQUIRE(spec.has_value());
  CHECK(spec->timeout == Duration(300000));
  CHECK(spec->max_retries == 2147483647);
  CHECK(spec->kill_grace == Duration::max());
  CHECK(spec->max_lost == -2147483647 - 1);
  CHECK(spec->retry.multiplier == 3);
}

TEST_CASE("a config needs its type, a type needs no config") {
  CHECK(faults(R"({"name": "n", "config": {"function": "f"}})") == Texts{"/type: is required where there is a config"});
  CHECK(faults(R"({"name": "n", "config": {}})").empty());
  CHECK(read(R"({"name": "n", "type": "script"})")->config.type == "script");
}

TEST_CASE("a null in a new config says that the value is not there; below it is the user's own") {
  const auto spec = read(R"({"name": "n", "type": "custom", "config": {"cwd": null, "params": {"x": null}}})");
  REQUIRE(spec.has_value());
  CHECK(json::value(spec->config.values) == json::parse(R"({"params": {"x": null}})"));
}
