// What a new task meets that is there already: a task with its id, or one that holds its unique key.
#pragma once

#include <string>

#include "engine/ledger.hpp"
#include "engine/prepare.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// The task that is in the way of a new one.
struct Conflict {
  Entry* task = nullptr;  ///< Null: nothing is.
  bool by_key = false;    ///< It holds the unique key; else it has the id.

  Error error() const;
};

/// What is in the way of a task that `created_by` makes. It may have no id yet, and no key.
Conflict find_conflict(Ledger& ledger, const std::string& id, const std::string& unique_key,
                       const std::string& created_by);

/// What is then made of it: see OnConflict.
Result<Task> resolve_conflict(Ledger& ledger, const Conflict& conflict, Prepared&& prepared,
                              const CreateOptions& options);

/// Whether the task at `row` may take the unique key `key`: nobody else of its creator holds it.
Result<void> check_key(Ledger& ledger, const TaskRow& row, const std::string& key);

/// Gives the task at `row` its key. One that has it still, but holds it no longer, has it no more.
void take_key(Ledger& ledger, TaskRow& row, const std::string& key);

}  // namespace taskcore
