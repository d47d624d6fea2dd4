// Who changed what: the audit trail, whose rows are chained by hash, and what a call brings with it so that its row is
// written in the transaction of the change itself.
//
// Row `n` holds the SHA-256 of its own fields and of the hash of row `n - 1`, so that no row can be changed, left out
// or moved without the chain telling. docs/audit.md has the exact form, and what a chain cannot prove.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

struct Backfill;
struct BulkRuns;
struct Run;
struct Task;
struct TaskSpec;
struct WorkflowRun;
class StoreReader;

/// One row of the trail.
struct AuditEntry {
  std::int64_t seq = 0;  ///< From 1, without gaps.
  TimePoint at{};
  std::string actor{};  ///< Empty: nobody in particular.
  std::string role{};
  std::string action{};      ///< "task.create", "run.cancel", "auth.refused", …
  std::string target{};      ///< The id of what was acted upon; empty: none.
  std::string outcome{};     ///< "done", or "refused".
  std::string before{};      ///< JSON text; empty: there was nothing. What is larger than 16 KiB is told by its hash.
  std::string after{};       ///< Likewise.
  std::string request_id{};  ///< Of the request that asked for it.
  std::string hash{};        ///< Of this row and all before it: SHA-256, 64 hex digits.
};

/// A place in the chain: a row's number, and the hash that it has, or had before it was pruned.
struct AuditMark {
  std::int64_t seq = 0;  ///< 0: before the first row.
  std::string hash{};
};

/// Where the rows that a store has begin and end: `anchor` is the row before the first of them.
struct AuditEnds {
  AuditMark anchor{};
  AuditMark last{};
};

/// Which rows, newest first. Empty filters match all.
struct AuditQuery {
  std::string actor{};
  std::string action{};
  std::string target{};
  std::optional<TimePoint> since{};
  std::size_t limit = 50;  ///< 1 to 1000.
  std::string cursor{};
};

/// What a look at the whole chain found.
struct AuditCheck {
  std::size_t rows = 0;                     ///< That fit, from the first on.
  std::optional<std::int64_t> broken_at{};  ///< The number of the first row that is missing or does not fit.
  AuditMark last{};                         ///< The newest row that fits: to be noted down where nobody can change it.
};

/// Reads every row and reckons the chain anew. Rows may be added and pruned meanwhile. Errors: those of the store.
Result<AuditCheck> verify_audit(StoreReader& reader);

/// What a verb has made, of which its answer is written.
using Given = std::variant<const Task*, const std::vector<Task>*, const Run*, const Backfill*, const BulkRuns*,
                           const WorkflowRun*>;

/// Has a call done once, however often it is sent. The first time its answer is stored with the change; until
/// `keep` is over, the same call then does nothing, gives the error `conflict`, and finds that answer in `answer`.
/// Calls with the same `scope` and another `body` are refused.
struct Idempotency {
  std::string
      scope{};         ///< Whose call it is, on what, under which key: any text. Its SHA-256 is stored, as of the next.
  std::string body{};  ///< What the call says besides.
  Duration keep = std::chrono::hours(24);
  /// Writes the answer: inside the transaction, on the store's thread. It must not call the scheduler. `last_run` is
  /// that of a task that has one. Without it nothing is looked for or stored.
  std::function<std::string(const Given& given, const Run* last_run)> write{};

  /// Of a workflow run only the runs of tasks for which it gives true are given to `write`; none: all. Called where
  /// `write` is.
  std::function<bool(const Task& task)> shows{};

  enum class Found { nothing, same, other_body };
  Found found = Found::nothing;  ///< Set by the call.
  std::string answer{};          ///< Set by the call when it has succeeded, and when `found` is `same`.
};

/// On whose behalf a call is made. One serves one call, and must not be touched until that has ended.
struct Provenance {
  std::string actor{};
  std::string role{};
  std::string request_id{};
  /// Takes secrets out of what a task's calls say before that is written down. On the store's thread.
  std::function<void(TaskSpec& task)> mask{};
  /// Set by a call that gives one task and succeeds: to_json_text() of it, masked, which its row in the trail needed,
  /// so that nobody need write it again. Empty where `mask` has thrown.
  std::string task_text{};
  std::optional<Idempotency> idempotency{};
  bool exempt_from_quota = false;  ///< The call is not refused for Options::quota; what it makes counts all the same.
};

/// None: the change is made without a row in the trail.
using ProvenancePtr = std::shared_ptr<Provenance>;

}  // namespace taskcore
