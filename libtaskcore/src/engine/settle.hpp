// Settling: the end of an attempt, written only if the run still stands under the attempt's fence.
#pragma once

#include <string>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/transitions.hpp"

namespace taskcore {

/// What an attempt leaves behind.
struct Settlement {
  RunKey run = 0;
  std::int64_t fence = 0;
  AttemptEnd end{};
  std::optional<std::string> checkpoint{};  ///< JSON text, when the attempt set one.
  std::vector<LogRow> lines{};              ///< Of its log.
};

/// A late one (the run has moved on) changes nothing, which is no error.
void settle(Ledger& ledger, const Settlement& settlement);

/// Settles an attempt whose process died.
void settle_lost(Ledger& ledger, RunRow row);

/// All that dead processes left running, from `after` on, a bounded number: the runs of nodes that are not among
/// `living`, this node's own excepted. Gives where to go on, or 0 at the end.
RunKey recover_some(Ledger& ledger, RunKey after, const std::set<std::string, std::less<>>& living);

}  // namespace taskcore
