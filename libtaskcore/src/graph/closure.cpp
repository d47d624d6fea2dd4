// A depth-first walk that is its own stack: a chain of tasks may be as long as the store is big.
#include "graph/closure.hpp"

#include <unordered_set>
#include <utility>

namespace taskcore {

std::vector<TaskKey> upstream_closure(TaskKey task, std::size_t limit,
                                      const std::function<std::vector<TaskKey>(TaskKey)>& upstreams_of) {
  struct Step {
    TaskKey task;
    std::vector<TaskKey> upstreams;
    std::size_t next = 0;
  };
  std::vector<TaskKey> out;
  std::unordered_set<TaskKey> reached{task};
  std::vector<Step> path;
  path.push_back({task, upstreams_of(task)});
  while (!path.empty()) {
    Step& step = path.back();
    if (step.next == step.upstreams.size()) {
      out.push_back(step.task);
      path.pop_back();
      continue;
    }
    const TaskKey upstream = step.upstreams[step.next++];
    if (!reached.insert(upstream).second) continue;
    if (reached.size() > limit) return {reached.begin(), reached.end()};
    path.push_back({upstream, upstreams_of(upstream)});
  }
  return out;
}

}  // namespace taskcore
