// Files of tasks: their forms, and the order in which tasks can be made.
#include "client/task_file.hpp"

#include <boost/json/parse.hpp>

#include "client/task_order.hpp"
#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

std::string ids(const TaskList& tasks) {
  std::string out;
  for (const auto& task : tasks) out += (out.empty() ? "" : " ") + id_of(task);
  return out;
}

std::string refusal(std::string_view text) {
  const auto tasks = read_tasks(text);
  return tasks ? "" : tasks.error().detail;
}

/// The ids in order, or the error.
std::string ordered(std::string_view text) {
  const auto tasks = read_tasks(text);
  REQUIRE(tasks.has_value());
  const auto order = order_tasks(*tasks);
  if (!order) return order.error().detail;
  std::string out;
  for (const std::size_t place : *order) out += (out.empty() ? "" : " ") + id_of((*tasks)[place]);
  return out;
}

}  // namespace

TEST_CASE("tasks come in every form that lists come in", "[client]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {R"({"id":"a","name":"A"})", "a"},
      {R"([{"id":"a","name":"A"},{"id":"b","name":"B"}])", "a b"},
      {R"({"tasks":[{"id":"a","name":"A"}],"nextCursor":null})", "a"},
      {R"({"tasks":{"a":{"name":"A"},"b":{"id":"c","name":"B"}}})", "a c"},
      {R"({"a":{"name":"A"},"b":{"name":"B"}})", "a b"},
      {R"([["a",{"name":"A"}],["b",{"name":"B"}]])", "a b"},
      {"{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n", "a b"},
      {"[]", ""},
      {"{}", ""},
  }));
  INFO(text);
  const auto tasks = read_tasks(text);
  REQUIRE(tasks.has_value());
  CHECK(ids(*tasks) == expected);
}

TEST_CASE("what is no file of tasks is told with its place", "[client]") {
  CHECK(refusal("{\"id\":\n\"a\",}").find("line 2") == 0);
  CHECK(refusal("[{\"name\":\"A\"},7]") == "number 2 of the list is no task");
  CHECK(refusal("{\"id\":\"a\"}\n{\"id\":}\n").find("line 2") == 0);
  CHECK(refusal("{\"id\":\"a\",\"id\":\"b\"}").find("duplicate key") != std::string::npos);
  CHECK(refusal("{\"schedule\":\"manual\"}").find("has a name") != std::string::npos);
  CHECK_FALSE(refusal("").empty());
  CHECK_FALSE(refusal("7").empty());
}

TEST_CASE("messages name a task as well as they can", "[client]") {
  CHECK(subject_of(json::parse(R"({"id":"a","name":"A"})").as_object(), 0) == "task \"a\"");
  CHECK(subject_of(json::parse(R"({"name":"A"})").as_object(), 0) == "task \"A\"");
  CHECK(subject_of(json::parse(R"({"id":7})").as_object(), 2) == "task number 3");
}

TEST_CASE("tasks come after those that they depend on, else as they stand", "[client]") {
  CHECK(
      ordered(
          R"([{"id":"c","dependencies":["b","elsewhere"]},{"id":"b","dependencies":["a","a"]},{"id":"a"},{"id":"d"}])") ==
      "a b c d");
  CHECK(ordered(R"([{"id":"b"},{"id":"a","dependencies":["b"]},{},{"id":"c","dependencies":"odd"}])") == "b a  c");
}

TEST_CASE("tasks come after those that they notify, where that is possible", "[client]") {
  CHECK(ordered(R"([{"id":"a","notify":{"onFailure":[{"task":"page"}]}},{"id":"page"}])") == "page a");
  CHECK(ordered(R"([{"id":"a","notify":{"onLate":{"after":1,"task":"a"}}}])") == "a");
  CHECK(ordered(R"([{"id":"a","notify":{"onFailure":{"task":"b"}}},{"id":"b","dependencies":["a"]}])") == "a b");
}

TEST_CASE("circles are spelled, and an id is given once", "[client]") {
  CHECK(
      ordered(R"([{"id":"x","dependencies":["a"]},{"id":"a","dependencies":["b"]},{"id":"b","dependencies":["a"]}])") ==
      "the dependencies form a circle: a -> b -> a");
  CHECK(ordered(R"([{"id":"a","dependencies":["a"]}])") == "the dependencies form a circle: a -> a");
  CHECK(ordered(R"([{"id":"a"},{"id":"a"}])") == "task \"a\" is given twice");
}
