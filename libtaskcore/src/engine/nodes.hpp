// Who works on the store.
#pragma once

#include <vector>

#include "engine/ledger.hpp"
#include "taskcore/node.hpp"

namespace taskcore {

/// This node, those that have a lease, and those that hold runs without one; by name.
std::vector<Node> list_nodes(Ledger& ledger);

}  // namespace taskcore
