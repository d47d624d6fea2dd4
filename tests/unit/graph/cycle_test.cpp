// Circles of dependencies.
#include "graph/cycle.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "support/catch.hpp"
#include "taskcore/random.hpp"

using namespace taskcore;

namespace {

using Keys = std::vector<TaskKey>;
using Graph = std::map<TaskKey, Keys>;

Keys cycle_in(Graph graph, TaskKey task, const Keys& upstreams) {
  return find_cycle(task, upstreams, [&](TaskKey key) { return graph[key]; });
}

bool depends_on(const Graph& graph, TaskKey from, TaskKey to, std::set<TaskKey>& seen) {
  if (!seen.insert(from).second || !graph.contains(from)) return false;
  for (const TaskKey next : graph.at(from)) {
    if (next == to || depends_on(graph, next, to, seen)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("without dependencies there is no circle") { CHECK(cycle_in({}, 1, {}).empty()); }

TEST_CASE("a task that depends on itself is the smallest circle") { CHECK(cycle_in({}, 1, {2, 1}) == Keys{1, 1}); }

TEST_CASE("a circle is spelled out from the task back to it") {
  CHECK(cycle_in({{2, {3}}, {3, {4}}, {4, {1}}}, 1, {2}) == Keys{1, 2, 3, 4, 1});
}

TEST_CASE("the shortest circle is told") {
  CHECK(cycle_in({{2, {3}}, {3, {1}}, {5, {1}}}, 1, {2, 5}) == Keys{1, 5, 1});
}

TEST_CASE("two ways to one task are no circle") { CHECK(cycle_in({{2, {4}}, {3, {4}}}, 1, {2, 3}).empty()); }

TEST_CASE("what the task depended on before does not count") {
  CHECK(cycle_in({{1, {2}}, {2, {}}, {3, {2}}}, 1, {3}).empty());
}

TEST_CASE("a circle among others does not hang the search") { CHECK(cycle_in({{2, {3}}, {3, {2}}}, 1, {2}).empty()); }

TEST_CASE("each task is asked once, however many ways lead to it, and the one in question never") {
  // Layers of two, each depending on both of the next: two to the fiftieth ways through.
  std::map<TaskKey, int> asked;
  const auto found = find_cycle(1, Keys{2, 3}, [&](TaskKey key) {
    ++asked[key];
    const TaskKey layer = key / 2 * 2 + 2;
    return layer > 100 ? Keys{} : Keys{layer, layer + 1};
  });
  CHECK(found.empty());
  CHECK(asked.size() == 100);
  for (const auto& [key, times] : asked) CHECK(times == 1);
  CHECK_FALSE(asked.contains(1));
}

TEST_CASE("a chain of a million tasks is searched without recursion") {
  const auto chain = [](TaskKey key) { return Keys{key == 1'000'000 ? 1 : key + 1}; };
  CHECK(find_cycle(1, Keys{2}, chain).size() == 1'000'001);
}

TEST_CASE("small random graphs agree with a plain search") {
  const auto random = seeded_random(11);
  const auto below = [&](std::uint64_t limit) { return static_cast<TaskKey>(random->next() % limit); };
  int circles = 0;
  for (int round = 0; round < 2000; ++round) {
    Graph graph;
    for (TaskKey edges = below(14); edges > 0; --edges) graph[below(7)].push_back(below(7));
    Keys upstreams;
    for (TaskKey count = below(3); count > 0; --count) upstreams.push_back(below(7));
    const Keys found = cycle_in(graph, 0, upstreams);

    graph[0] = upstreams;
    std::set<TaskKey> seen;
    REQUIRE(!found.empty() == depends_on(graph, 0, 0, seen));
    if (found.empty()) continue;
    ++circles;
    REQUIRE(found.size() >= 2);
    REQUIRE(found.front() == 0);
    REQUIRE(found.back() == 0);
    for (std::size_t i = 0; i + 1 < found.size(); ++i) {
      const Keys& next = graph[found[i]];
      REQUIRE(std::find(next.begin(), next.end(), found[i + 1]) != next.end());
    }
  }
  CHECK(circles > 100);
}
