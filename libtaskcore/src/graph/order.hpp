// In which order the nodes of a graph can be dealt with when each comes after those that it depends on. Pure: nodes are
// numbers, their edges are all at hand.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace taskcore {

struct Order {
  std::vector<std::size_t> nodes{};  ///< All of them, upstreams first; empty when there is a circle.
  /// A circle, if there is one: each depends on the next, first and last are the same, the least of it.
  std::vector<std::size_t> cycle{};
};

/// Node i depends on `upstreams[i]`; all of these are below `upstreams.size()`. Among the nodes that could come next it
/// is the least that comes, so an order that is good already stays. It takes time for each node and edge once, and for
/// nodes that stand before something that they depend on what it takes to sort them.
Order order_by_dependencies(std::span<const std::vector<std::size_t>> upstreams);

}  // namespace taskcore
