// What users set of queues, and what holds for one that nobody has set.
#pragma once

#include <optional>
#include <string>

#include "engine/ledger.hpp"

namespace taskcore {

/// What holds for the queue of that name, of which `row` is what is stored.
Result<QueueSpec> queue_rules(const std::optional<QueueRow>& row, const std::string& name, const Options& options);

/// Sets the queue of that name. Precondition: the spec has been checked. It holds for what starts from now on; what
/// runs goes on.
Result<QueueSpec> put_queue(Ledger& ledger, const QueueSpec& spec);

/// Every queue that was set, that the options name, or that has runs; and the one of tasks that name none. By name.
std::vector<Queue> list_queues(StoreReader& reader, const Options& options);

}  // namespace taskcore
