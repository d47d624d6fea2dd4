// The order of nodes, upstreams first.
#include "graph/order.hpp"

#include <algorithm>
#include <numeric>

#include "support/catch.hpp"
#include "taskcore/random.hpp"

using namespace taskcore;

namespace {

using Nodes = std::vector<std::size_t>;
using Graph = std::vector<Nodes>;

/// Each time the least of those whose upstreams have all come.
Nodes plain_order(const Graph& graph) {
  Nodes out;
  std::vector<bool> came(graph.size());
  const auto can_come = [&](std::size_t node) {
    return !came[node] &&
           std::all_of(graph[node].begin(), graph[node].end(), [&](std::size_t upstream) { return came[upstream]; });
  };
  for (std::size_t node = 0; node < graph.size();) {
    if (!can_come(node)) {
      ++node;
      continue;
    }
    came[node] = true;
    out.push_back(node);
    node = 0;
  }
  return out;
}

bool is_circle(const Graph& graph, const Nodes& path) {
  if (path.size() < 2 || path.front() != path.back()) return false;
  if (path.front() != *std::min_element(path.begin(), path.end())) return false;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Nodes& upstreams = graph[path[i]];
    if (std::find(upstreams.begin(), upstreams.end(), path[i + 1]) == upstreams.end()) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("an empty graph has an empty order") {
  const Order found = order_by_dependencies({});
  CHECK(found.nodes.empty());
  CHECK(found.cycle.empty());
}

TEST_CASE("an order that is good already stays") {
  CHECK(order_by_dependencies(Graph{{}, {0}, {}, {1, 2}, {}}).nodes == Nodes{0, 1, 2, 3, 4});
}

TEST_CASE("upstreams come first, and among those that can come the least") {
  CHECK(order_by_dependencies(Graph{{3}, {}, {0}, {}, {2}}).nodes == Nodes{1, 3, 0, 2, 4});
  CHECK(order_by_dependencies(Graph{{4}, {4}, {1}, {}, {}}).nodes == Nodes{3, 4, 0, 1, 2});
}

TEST_CASE("a dependency that is named twice counts as one") {
  CHECK(order_by_dependencies(Graph{{1, 1}, {}}).nodes == Nodes{1, 0});
}

TEST_CASE("there is no order where there is a circle, which is spelled out from its least node") {
  const Order found = order_by_dependencies(Graph{{}, {4}, {0}, {1}, {3, 2}, {1}});
  CHECK(found.nodes.empty());
  CHECK(found.cycle == Nodes{1, 4, 3, 1});
  CHECK(order_by_dependencies(Graph{{}, {1}}).cycle == Nodes{1, 1});
}

TEST_CASE("a chain of a million nodes is put in order without recursion, whichever end is given first") {
  constexpr std::size_t kCount = 1'000'000;
  Graph chain(kCount);
  for (std::size_t i = 0; i + 1 < kCount; ++i) chain[i] = {i + 1};
  Nodes order = order_by_dependencies(chain).nodes;
  std::reverse(order.begin(), order.end());
  Nodes expected(kCount);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  CHECK((order == expected));
  chain.back() = {0};
  CHECK(order_by_dependencies(chain).cycle.size() == kCount + 1);
}

TEST_CASE("the orders of small random graphs agree with a plain search") {
  const auto random = seeded_random(5);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random->next() % limit); };
  int orders = 0;
  int circles = 0;
  for (int round = 0; round < 4000; ++round) {
    Graph graph(1 + below(8));
    for (std::size_t edges = below(12); edges > 0; --edges) graph[below(graph.size())].push_back(below(graph.size()));
    const Order found = order_by_dependencies(graph);
    const Nodes expected = plain_order(graph);
    if (expected.size() == graph.size()) {
      ++orders;
      REQUIRE(found.nodes == expected);
      REQUIRE(found.cycle.empty());
    } else {
      ++circles;
      REQUIRE(found.nodes.empty());
      REQUIRE(is_circle(graph, found.cycle));
    }
  }
  CHECK(orders > 500);
  CHECK(circles > 500);
}
