// All that a task depends on, in an order to run it in.
#include "graph/closure.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "support/catch.hpp"
#include "taskcore/random.hpp"

using namespace taskcore;

namespace {

using Keys = std::vector<TaskKey>;
using Graph = std::map<TaskKey, Keys>;

Keys closure_of(Graph graph, TaskKey task, std::size_t limit = 1'000'000) {
  return upstream_closure(task, limit, [&](TaskKey key) { return graph[key]; });
}

}  // namespace

TEST_CASE("a task without dependencies is its own closure") { CHECK(closure_of({}, 7) == Keys{7}); }

TEST_CASE("what is needed comes before what needs it, each once") {
  CHECK(closure_of({{1, {2, 3}}, {2, {4}}, {3, {4}}, {5, {1}}}, 1) == Keys{4, 2, 3, 1});
}

TEST_CASE("more than the limit is told by the size") {
  CHECK(closure_of({{1, {2, 3, 4, 5}}}, 1, 3).size() == 4);
  CHECK(closure_of({{1, {2, 3}}}, 1, 3).size() == 3);
}

TEST_CASE("a chain of a million tasks is walked without recursion") {
  const auto chain = [](TaskKey key) { return key == 1'000'000 ? Keys{} : Keys{key + 1}; };
  const Keys found = upstream_closure(1, 2'000'000, chain);
  CHECK(found.size() == 1'000'000);
  CHECK(found.front() == 1'000'000);
}

TEST_CASE("random graphs come out whole and in order") {
  const auto random = seeded_random(5);
  for (int round = 0; round < 500; ++round) {
    Graph graph;
    for (TaskKey key = 2; key <= 12; ++key) {
      for (TaskKey upstream = 1; upstream < key; ++upstream) {
        if (random->next() % 4 == 0) graph[key].push_back(upstream);
      }
    }
    const Keys found = closure_of(graph, 12);
    REQUIRE(found.back() == 12);
    const std::set<TaskKey> all(found.begin(), found.end());
    REQUIRE(all.size() == found.size());
    std::set<TaskKey> before;
    for (const TaskKey key : found) {
      for (const TaskKey upstream : graph[key]) REQUIRE(before.contains(upstream));
      before.insert(key);
    }
  }
}
