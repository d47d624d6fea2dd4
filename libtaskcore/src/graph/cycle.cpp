// A breadth-first walk up the dependencies: iterative, since a chain of tasks may be as long as the store is big.
#include "graph/cycle.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace taskcore {

std::vector<TaskKey> find_cycle(TaskKey task, std::span<const TaskKey> upstreams,
                                const std::function<std::vector<TaskKey>(TaskKey)>& upstreams_of) {
  std::unordered_map<TaskKey, TaskKey> reached_from;
  std::deque<TaskKey> to_ask;
  const auto path_to = [&](TaskKey last) {
    std::vector<TaskKey> path{task};
    for (TaskKey at = last; at != task; at = reached_from.at(at)) path.push_back(at);
    path.push_back(task);
    std::reverse(path.begin(), path.end());
    return path;
  };
  // True when the circle is closed.
  const auto reach = [&](TaskKey from, std::span<const TaskKey> next) {
    for (const TaskKey key : next) {
      if (key == task) return true;
      if (reached_from.emplace(key, from).second) to_ask.push_back(key);
    }
    return false;
  };

  if (reach(task, upstreams)) return path_to(task);
  while (!to_ask.empty()) {
    const TaskKey asked = to_ask.front();
    to_ask.pop_front();
    if (reach(asked, upstreams_of(asked))) return path_to(asked);
  }
  return {};
}

}  // namespace taskcore
