#include "engine/nodes.hpp"

#include <map>

namespace taskcore {
namespace {

constexpr std::size_t kRunsAtATime = 1000;

}  // namespace

std::vector<Node> list_nodes(Ledger& ledger) {
  Store& store = ledger.store();
  std::map<std::string, Node, std::less<>> nodes;
  nodes[ledger.node().str()].is_self = true;
  for (const NodeRow& row : check(store.nodes())) nodes[row.node].lease_until = row.lease_until;
  RunKey after = 0;
  do {
    const auto runs = check(store.running_runs(after, kRunsAtATime));
    for (const RunRow& run : runs) ++nodes[run.node.str()].running;
    after = runs.size() == kRunsAtATime ? runs.back().id : 0;
  } while (after != 0);
  std::vector<Node> out;
  for (auto& [name, node] : nodes) {
    node.name = name;
    out.push_back(std::move(node));
  }
  return out;
}

}  // namespace taskcore
