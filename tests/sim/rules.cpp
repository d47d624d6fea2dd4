#include "sim/rules.hpp"

#include "store/subject.hpp"

namespace taskcore::sim {
namespace {

using store_test::text;

/// What never changes, and what never goes back.
std::string check_constants(const RunRow& before, const RunRow& after) {
  if (before.task != after.task || before.trigger != after.trigger || before.created_at != after.created_at ||
      before.scheduled_for != after.scheduled_for || before.due_at != after.due_at || before.params != after.params ||
      before.workflow != after.workflow || before.retry_of != after.retry_of || before.item_of != after.item_of) {
    return "a run's identity changed";
  }
  if (before.started_at && before.started_at != after.started_at) return "a run's first start moved";
  if (after.fence < before.fence || after.fence > before.fence + 1) return "a fence jumped";
  if (after.retries_used < before.retries_used || after.losses < before.losses) return "a counter of a run went back";
  if (before.cancel_requested && after.fence != before.fence) return "an attempt began after the cancellation";
  if (before.cancel_requested && !after.cancel_requested) return "a cancellation was forgotten";
  return {};
}

/// A run is made into items once, before it would be started, and counts their ends.
std::string check_items(const RunRow& before, const RunRow& after, bool fans_out) {
  if (after.items == 0) return {};
  if (after.item_of != 0 || after.attempt != 0 || !fans_out) return "a run has items that is to have none";
  if (before.items != 0 && before.items != after.items) return "the number of a run's items changed";
  if (after.items_completed < before.items_completed || after.items_failed < before.items_failed)
    return "a count of items went back";
  const bool all = after.items_completed + after.items_failed == after.items;
  if (all != is_settled(after.state)) return "a run does not end with its last item";
  if (!all && after.state != RunState::waiting) return "a run with items does not wait for them";
  if (after.state == RunState::completed && after.items_failed > 0) return "a run completed although an item failed";
  if (after.state == RunState::cancelled && !after.cancel_requested) return "a run with items was cancelled by nobody";
  return {};
}

std::string check_arrow(const RunRow& before, const RunRow& after, bool fans_out) {
  const bool began = after.fence != before.fence;
  if (after.state == RunState::held && before.state != RunState::held) return "a run went back behind another";
  if (after.state == RunState::waiting && after.items == 0 && before.state != RunState::held &&
      before.state != RunState::waiting) {
    return "a run went back to its gate";
  }
  if (before.state == RunState::running) return {};
  if (began != (after.state == RunState::running)) return "running and its fence do not go together";
  const bool by_items = fans_out && after.item_of == 0 && after.attempt == 0;
  if (!by_items && (after.state == RunState::completed || after.state == RunState::failed))
    return "a run ended without an attempt";
  return {};
}

std::string check_start(const RunRow& row, TimePoint now) {
  if (row.attempt_started_at != now) return "an attempt's start is not the moment of its claim";
  if (row.ready_at > now) return "a run started before it was ready";
  // A retry waits for its pause alone, be the wall clock set back before the instant meanwhile.
  if (row.attempt == 1 && row.scheduled_for && *row.scheduled_for > now) return "a run started before its instant";
  return {};
}

}  // namespace

std::string check_run(const RunRow* before, const RunRow& after, const Allowance& allowance, TimePoint now) {
  if (before != nullptr && is_settled(before->state)) {
    return text(*before) == text(after) ? "" : "a settled run changed: " + text(*before);
  }
  if (after.attempt != after.fence) return "attempt and fence differ";
  if (before != nullptr) {
    if (auto wrong = check_constants(*before, after); !wrong.empty()) return wrong;
    if (auto wrong = check_arrow(*before, after, allowance.fans_out); !wrong.empty()) return wrong;
    if (auto wrong = check_items(*before, after, allowance.fans_out); !wrong.empty()) return wrong;
  }
  if (after.state == RunState::running && after.fence != (before != nullptr ? before->fence : 0)) {
    if (auto wrong = check_start(after, now); !wrong.empty()) return wrong;
  }
  if (is_settled(after.state) != after.finished_at.has_value()) return "settled and finished_at do not go together";
  if (after.finished_at && after.started_at && *after.finished_at < *after.started_at)
    return "it ended before it began";
  if (after.retries_used > allowance.max_retries + 1) return "more attempts were counted than it has retries";
  if (after.losses > allowance.max_lost) return "it was lost more often than it may be";
  const bool torn = after.attempt_status == AttemptStatus::lost || after.attempt_status == AttemptStatus::interrupted;
  if (!allowance.may_repeat && torn && after.attempt > 0 && !is_settled(after.state)) {
    return "a run that may start at most once is to run again";
  }
  return {};
}

std::string check_task(const TaskRow* before, const TaskRow& after) {
  if (after.deleted && !after.upstreams.empty()) return "a tombstone has edges";
  if (before == nullptr) return {};
  if (before->deleted && !after.deleted) return "a deleted task came back";
  if (before->id != after.id || before->created_at != after.created_at || before->created_by != after.created_by) {
    return "a task's identity changed";
  }
  if (after.version < before->version) return "a task's version went back";
  if (after.version == before->version && after.spec != before->spec) return "a task changed without a new version";
  if (after.state.last_run < before->state.last_run || after.state.last_settled < before->state.last_settled ||
      after.state.last_completed < before->state.last_completed) {
    return "a task's newest run went back";
  }
  return {};
}

}  // namespace taskcore::sim
