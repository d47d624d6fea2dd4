#include "engine/conflict.hpp"

#include "engine/tasks.hpp"
#include "engine/views.hpp"
#include "model/quote.hpp"

namespace taskcore {
namespace {

bool holds_key(const TaskState& state) noexcept { return state.live > 0 || state.next_due || state.last_run == 0; }

/// The task that has the key, whether it holds it or not.
Entry* owner_of(Ledger& ledger, const std::string& created_by, const std::string& key) {
  if (key.empty()) return nullptr;
  const auto found = check(ledger.store().find_unique(created_by, key));
  return found ? ledger.get(*found) : nullptr;
}

Entry* holder_of(Ledger& ledger, const std::string& created_by, const std::string& key) {
  Entry* owner = owner_of(ledger, created_by, key);
  return owner != nullptr && holds_key(owner->row.state) ? owner : nullptr;
}

}  // namespace

Error Conflict::error() const {
  const std::string& id = task->row.id;
  if (!by_key) return fail(Errc::conflict, "the id '" + id + "' is taken");
  Error error = fail(Errc::conflict, "task '" + id + "' holds the unique key " + in_quotes(task->row.unique_key) +
                                         ": it has a run to come, or one that is live");
  error.fields.push_back({"/uniqueKey", error.detail});
  return error;
}

Conflict find_conflict(Ledger& ledger, const std::string& id, const std::string& unique_key,
                       const std::string& created_by) {
  if (!id.empty()) {
    if (Entry* taken = ledger.find(id)) return {taken, false};
  }
  return {holder_of(ledger, created_by, unique_key), true};
}

Result<Task> resolve_conflict(Ledger& ledger, const Conflict& conflict, Prepared&& prepared,
                              const CreateOptions& options) {
  const OnConflict what = options.on_conflict.value_or(conflict.by_key ? OnConflict::keep : OnConflict::reject);
  if (what == OnConflict::reject || !ask(options.may_reuse, ledger, *conflict.task)) return conflict.error();
  Result<Task> task;
  if (what == OnConflict::keep) {
    task = view_task(ledger, *conflict.task);
  } else {
    prepared.stored().spec.id = conflict.task->row.id;
    task = bring_task(ledger, *conflict.task, prepared, options, what == OnConflict::debounce);
  }
  if (task) task->existed = true;
  return task;
}

Result<void> check_key(Ledger& ledger, const TaskRow& row, const std::string& key) {
  Entry* holder = holder_of(ledger, row.created_by, key);
  if (holder == nullptr || holder->row.key == row.key) return {};
  return Conflict{holder, true}.error();
}

void take_key(Ledger& ledger, TaskRow& row, const std::string& key) {
  Entry* former = owner_of(ledger, row.created_by, key);
  if (former != nullptr && former->row.key != row.key) {
    former->row.unique_key.clear();
    ledger.store_task(*former);
  }
  row.unique_key = key;
}

}  // namespace taskcore
