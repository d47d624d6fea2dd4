// Fan-out: a run of a task with `for_each` becomes one run for each item, and ends when the last of them has. Until
// then it is `waiting`, and holds neither a slot nor its concurrency key; what looks at the task's runs sees it, not
// its items.
#pragma once

#include <cstddef>
#include <string>

#include "engine/ledger.hpp"

namespace taskcore {

/// Whether the run is to be made into items instead of being started.
bool is_to_fan_out(const Entry& entry, const RunRow& run);

/// Whether the run waits for its items.
constexpr bool has_items(const RunRow& run) noexcept { return run.state == RunState::waiting && run.items > 0; }

/// Makes the items of a ready run. One without items, or whose list cannot be had, ends at once. Gives how many were
/// made. Not from within a look at a queue: items and followers are new there.
std::size_t fan_out(Ledger& ledger, Entry& entry, RunRow run);

/// Books that an item is settled; with the last one its run ends.
void count_item(Ledger& ledger, Entry& entry, const RunRow& item);

/// Ends the items of a run, or asks them to stop. Gives the run as it then stands.
RunRow cancel_items(Ledger& ledger, Entry& entry, const RunRow& run, const std::string& reason);

/// Calls `visit(index, item)` for the items of a run, in order, until it gives false.
template <class Visit>
void visit_items(StoreReader& reader, RunKey run, Visit visit) {
  constexpr std::size_t kAtOnce = 100;  // each may have a large result
  std::size_t index = 0;
  for (RunKey after = 0;;) {
    auto some = check(reader.items_of(run, after, kAtOnce));
    const bool more = some.size() == kAtOnce;
    for (RunRow& item : some) {
      after = item.id;
      if (!visit(index++, std::move(item))) return;
    }
    if (!more) return;
  }
}

}  // namespace taskcore
