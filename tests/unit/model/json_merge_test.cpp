// Edits of a task by merging, after RFC 7396.
#include <boost/json/parse.hpp>

#include "samples.hpp"
#include "support/catch.hpp"
#include "taskcore/json.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

Task full_task() {
  Task task;
  static_cast<TaskSpec&>(task) = samples::full_spec();
  task.created_by = "alice";
  task.version = 7;
  task.last_run_id = "run_9";
  return task;
}

Result<TaskSpec> merged(const Task& task, std::string_view patch) {
  TaskSpec spec = task;
  if (auto done = merge_json(task, json::parse(patch).as_object(), spec); !done) {
    CHECK(samples::same(spec, task));
    return done.error();
  }
  return spec;
}

std::vector<std::string> fault_pointers(std::string_view patch) {
  std::vector<std::string> out;
  if (const auto spec = merged(full_task(), patch); !spec) {
    for (const FieldError& field : spec.error().fields) out.push_back(field.pointer);
  }
  return out;
}

/// RFC 7396 as a configuration sees it.
json::value merged_config(std::string_view before, std::string_view patch) {
  Task task = full_task();
  task.config = {.type = "custom", .values = json::parse(before).as_object()};
  TaskSpec spec = task;
  REQUIRE(merge_json(task, {{"config", json::parse(patch)}}, spec));
  return spec.config.values;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an empty patch changes nothing") {
  CHECK(samples::same(merged(full_task(), "{}").value(), samples::full_spec()));
}

TEST_CASE("what was shown may be sent back") {
  const Task task = full_task();
  json::object shown = to_json(task);
  shown["lastRun"] = {{"id", "run_9"}, {"status", "failed"}};
  TaskSpec spec = task;
  REQUIRE(merge_json(task, shown, spec));
  CHECK(samples::same(spec, task));
}

TEST_CASE("only the fields that are sent change") {
  TaskSpec expected = samples::full_spec();
  expected.name = "New";
  expected.retry.max_delay = Duration(99);
  expected.tags = {"only"};
  CHECK(samples::same(merged(full_task(), R"({"name": "New", "retry": {"maxDelay": 99}, "tags": ["only"]})").value(),
                      expected));
}

TEST_CASE("null puts a field back to its default") {
  TaskSpec expected = samples::full_spec();
  expected.description.clear();
  expected.max_retries.reset();
  expected.priority = Priority::normal;
  expected.retry.multiplier = 2;
  expected.schedule.clear();
  expected.queue = "default";
  expected.assigned_to.clear();
  expected.paused = false;
  CHECK(
      samples::same(merged(full_task(), R"({"description": null, "maxRetries": null, "priority": null, "schedule": null,
      "retry": {"multiplier": null}, "queue": null, "assignedTo": null, "paused": null})")
                        .value(),
                    expected));
  CHECK(merged(full_task(), R"({"retry": null})")->retry.initial_delay == Duration(1000));
}

TEST_CASE("a config merges deeply; null removes a value, or all of them") {
  CHECK(merged_config(R"({"a": {"b": "c", "x": 1}})", R"({"a": {"b": "d", "x": null}})") ==
        json::parse(R"({"a": {"b": "d"}})"));
  CHECK(merged_config(R"({"args": ["a", "b"]})", R"({"args": ["c"]})") == json::parse(R"({"args": ["c"]})"));
  CHECK(merged_config(R"({"a": 1})", "null") == json::parse("{}"));
}

TEST_CASE("a config is replaced when the type changes, wherever the type stands in the patch") {
  for (const char* patch : {R"({"type": "custom", "config": {"function": "f", "params": null}})",
                            R"({"config": {"function": "f", "params": null}, "type": null})"}) {
    const auto spec = merged(full_task(), patch);
    REQUIRE(spec.has_value());
    CHECK(spec->config.type == "custom");
    CHECK(json::value(spec->config.values) == json::parse(R"({"function": "f"})"));
  }
  CHECK(merged(full_task(), R"({"type": "custom"})")->config.values.empty());
  CHECK(merged(full_task(), R"({"type": "script"})")->config.values == samples::full_spec().config.values);
}

TEST_CASE("an id cannot be changed") {
  CHECK(fault_pointers(R"({"id": "build:app-1.0"})").empty());
  CHECK(fault_pointers(R"({"id": "other"})") == Texts{"/id"});
  CHECK(fault_pointers(R"({"id": null})") == Texts{"/id"});
}

TEST_CASE("the scheduler's own fields are ignored when equal, else refused") {
  CHECK(fault_pointers(R"({"version": 7, "status": "pending", "createdBy": "alice", "retryAt": null, "waitingOn": []})")
            .empty());
  CHECK(fault_pointers(R"({"version": 8, "status": "running", "createdBy": null, "waitingOn": ["a"]})") ==
        Texts{"/version", "/status", "/createdBy", "/waitingOn"});
}

TEST_CASE("the newest run is known by its id") {
  CHECK(fault_pointers(R"({"lastRun": {"id": "run_9"}})").empty());
  for (const char* other :
       {R"({"lastRun": {"id": "run_8"}})", R"({"lastRun": {}})", R"({"lastRun": "run_9"})", R"({"lastRun": null})"}) {
    CHECK(fault_pointers(other) == Texts{"/lastRun"});
  }
  Task fresh = full_task();
  fresh.last_run_id.clear();
  CHECK(merged(fresh, R"({"lastRun": null})").has_value());
  CHECK_FALSE(merged(fresh, R"({"lastRun": {"id": "run_9"}})").has_value());
}

TEST_CASE("all faults of a patch are listed, and then nothing changes") {
  CHECK(fault_pointers(R"({"name": 1, "tags": [1], "config": 7, "color": "red", "version": 8})") ==
        Texts{"/name", "/tags/0", "/color", "/version", "/config"});
}
