// Kahn's way: a node comes when the last of its upstreams has come. Iterative, since a chain may be as long as the
// graph is big.
#include "graph/order.hpp"

#include <algorithm>
#include <functional>
#include <queue>

namespace taskcore {
namespace {

using Nodes = std::vector<std::size_t>;

/// `missing` tells of each node how many upstreams keep it back; where that is not none, one of them is kept back too.
/// So a walk from one to the next must come to where it has been.
Nodes find_circle(std::span<const Nodes> upstreams, const Nodes& missing) {
  const auto kept_back = [&](std::size_t node) { return missing[node] > 0; };
  const auto next = [&](std::size_t node) {
    return *std::find_if(upstreams[node].begin(), upstreams[node].end(), kept_back);
  };
  std::vector<bool> seen(upstreams.size());
  std::size_t node = 0;
  while (!kept_back(node)) ++node;
  for (; !seen[node]; node = next(node)) seen[node] = true;

  std::size_t least = node;
  for (std::size_t at = next(node); at != node; at = next(at)) least = std::min(least, at);
  Nodes circle{least};
  for (std::size_t at = next(least); at != least; at = next(at)) circle.push_back(at);
  circle.push_back(least);
  return circle;
}

}  // namespace

Order order_by_dependencies(std::span<const Nodes> upstreams) {
  const std::size_t count = upstreams.size();
  std::vector<Nodes> downstreams(count);
  Nodes missing(count);
  for (std::size_t node = 0; node < count; ++node) {
    missing[node] = upstreams[node].size();
    for (const std::size_t upstream : upstreams[node]) downstreams[upstream].push_back(node);
  }

  Order out;
  out.nodes.reserve(count);
  std::size_t next = 0;                                          // those below have been looked at
  std::priority_queue<std::size_t, Nodes, std::greater<>> late;  // of these the ones that can come only now
  const auto take = [&](std::size_t node) {
    out.nodes.push_back(node);
    for (const std::size_t downstream : downstreams[node]) {
      if (--missing[downstream] == 0 && downstream < next) late.push(downstream);
    }
  };
  while (next < count || !late.empty()) {
    if (!late.empty()) {
      const std::size_t node = late.top();
      late.pop();
      take(node);
    } else if (const std::size_t node = next++; missing[node] == 0) {
      take(node);
    }
  }
  if (out.nodes.size() == count) return out;
  return {{}, find_circle(upstreams, missing)};
}

}  // namespace taskcore
