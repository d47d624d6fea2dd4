// Tasks that are made together, all or none: what can be checked of them without a store, and what is done inside its
// transaction. What goes for each of them alone is in tasks.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/prepare.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// Tasks that have passed every check that needs no store.
struct PreparedAll {
  std::vector<Prepared> members{};                           ///< In the order given.
  std::unordered_map<std::string, std::size_t> positions{};  ///< In `members`, of those that were given an id.
  std::vector<std::size_t> order{};                          ///< The positions, upstreams first.
};

/// Checks each of them and what they are to each other. Errors: `invalid`, with every field that is wrong, `cycle`; the
/// pointers begin with the member's position.
Result<PreparedAll> prepare_all(std::vector<TaskSpec> specs, const Options& options, const Registry& registry,
                                TimePoint now);

/// Makes them, and gives them in the order given. Errors: as for a task alone; the pointers begin likewise.
Result<std::vector<Task>> create_tasks(Ledger& ledger, PreparedAll&& all, const CreateOptions& options);

}  // namespace taskcore
