// A change that somebody asks for, with what goes with it into its transaction: its row in the audit trail, and the
// answer that is kept where the call is to be made once.
#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/ledger.hpp"
#include "taskcore/audit.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// What a verb is about to do, and for whom. Made only where the caller gave a Provenance; without one the verb is as
/// it would be if there were none of this.
struct Deed {
  /// What is looked at, under `target`, before it and after it.
  enum class On { nothing, task, live_runs, run, workflow, queue, calendar };

  ProvenancePtr by;
  On on = On::task;
  std::string action{};
  std::string target{};
  // Of a task to be created, which may be there already.
  bool creates = false;
  std::string unique_key{};
  std::string created_by{};
  std::vector<RunKey> runs{};  ///< Of a bulk call.
  std::string scope{};         ///< The hashes of what Idempotency has; empty: the call may be made again.
  std::string body{};
};

using DeedPtr = std::unique_ptr<Deed>;

/// Null without a provenance. Called on the caller's thread.
DeedPtr make_deed(const ProvenancePtr& by, Deed::On on, const char* action, const std::string& target);

/// A deed in its transaction: made before the verb acts, told of what it did.
class Recording {
 public:
  Recording(Ledger& ledger, const Deed& deed);

  /// The error that the verb gives when its call has been answered before.
  Result<void> begin();

  void done(const Task& task);
  void done(const std::vector<Task>& tasks);
  void done(const Run& run);
  void done(const Backfill& made);
  void done(const BulkRuns& runs);
  void done(const WorkflowRun& workflow);
  void done();  ///< What the target says by now is what it became.

 private:
  std::string snapshot() const;
  std::string task_text(const std::string& id) const;
  std::optional<std::string> text_of_task(const Task& task) const;
  std::string row_text(const std::string& task, const std::optional<std::string>& shown) const;
  boost::json::array live_runs(const std::string& task) const;
  void note(const std::string& action, const std::string& target, std::string before, std::string after);
  bool is_shown(const Run& run) const;
  void keep(const Given& given, const Run* last_run = nullptr);

  Ledger& ledger_;
  const Deed& deed_;
  std::string target_;
  std::string before_{};
  std::vector<std::string> runs_before_{};
};

/// `act(ledger)` with what goes with it.
template <class T, class Act>
Result<T> record(Ledger& ledger, const Deed& deed, Act& act) {
  Recording recording(ledger, deed);
  if (auto fresh = recording.begin(); !fresh) return fresh.error();
  Result<T> result = act(ledger);
  if (!result) return result;
  if constexpr (requires { recording.done(*result); }) {
    recording.done(*result);
  } else {
    recording.done();
  }
  return result;
}

}  // namespace taskcore
