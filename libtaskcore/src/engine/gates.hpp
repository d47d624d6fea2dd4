// Dependencies inside the store's transaction: whether a waiting run may go, and what its upstreams left for it.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "engine/ledger.hpp"
#include "graph/gate.hpp"

namespace taskcore {

/// How the newest settled run of an upstream ended; it has one.
EdgeState last_end(StoreReader& reader, const TaskState& upstream);

/// How each upstream of a task stands for `run` of it.
/// `reader` is the open transaction, or a reader's snapshot when somebody only asks.
std::vector<UpstreamFacts> upstream_facts(StoreReader& reader, const TaskRow& task, const RunRow& run, TimePoint now);

/// Lets the waiting runs of `entry` go whose dependencies now hold, and ends those that will not be needed.
void recheck_waiting(Ledger& ledger, Entry& entry);

/// The results of the task's dependencies, as the attempts of this run see them.
boost::json::object upstream_results(Ledger& ledger, const Entry& entry, const RunRow& of);

}  // namespace taskcore
