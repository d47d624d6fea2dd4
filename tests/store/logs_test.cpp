// Log lines, and the nodes of a shared store.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

LogRow line(TaskKey task, RunKey run, std::int64_t ms, LogLevel level, std::string message) {
  return {0, task, run, 1, at(ms), level, LogStream::stderr_, std::move(message), R"({"n":1})"};
}

TEST_CASE("lines are kept for each run and for the task itself, in the order of writing") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const std::vector<LogRow> lines{line(1, 1, 5, LogLevel::info, "one"), line(1, 2, 6, LogLevel::info, "two"),
                                  line(1, 1, 4, LogLevel::error, ""), line(1, 0, 7, LogLevel::debug, "task"),
                                  line(2, 1, 8, LogLevel::warn, "three")};
  store.write([&](Store& s) { s.append_logs(lines).value(); });
  const auto rows = store->logs({.task = 1, .run = 1}).value();
  CHECK(ids(rows) == Ids{1, 3});
  LogRow expected = lines[0];
  expected.id = 1;
  CHECK(text(rows[0]) == text(expected));
  CHECK(ids(store->logs({.task = 1, .run = 0}).value()) == Ids{4});
  CHECK(ids(store->logs({.task = 2, .run = 1}).value()) == Ids{5});
  CHECK(ids(store->logs({.task = 1, .run = 1, .after_id = 1}).value()) == Ids{3});
  CHECK(ids(store->logs({.task = 1, .run = 1, .level = LogLevel::warn}).value()) == Ids{3});
  CHECK(ids(store->logs({.task = 1, .run = 1, .since = at(5)}).value()) == Ids{1});
  CHECK(ids(store->logs({.task = 1, .run = 1, .limit = 1}).value()) == Ids{1});
}

TEST_CASE("nodes are put, renewed and removed") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) {
    s.put_node({"b", at(1)}).value();
    s.put_node({"a", at(2)}).value();
    s.put_node({"b", at(3)}).value();
  });
  auto nodes = store->nodes().value();
  REQUIRE(nodes.size() == 2);
  CHECK((nodes[0].node == "a" && nodes[0].lease_until == at(2)));
  CHECK((nodes[1].node == "b" && nodes[1].lease_until == at(3)));
  store->begin().value();
  store->remove_node("a").value();
  store->remove_node("none").value();
  CHECK(store->nodes().value().size() == 1);
  store->rollback();
  CHECK(store->nodes().value().size() == 2);
}

}  // namespace
}  // namespace taskcore::store_test
