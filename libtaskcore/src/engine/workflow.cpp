#include "engine/workflow.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/fan_out.hpp"
#include "engine/place.hpp"
#include "engine/quota.hpp"
#include "engine/tasks.hpp"
#include "engine/views.hpp"
#include "graph/closure.hpp"
#include "graph/gate.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMaxTasks = 10'000;
constexpr std::size_t kRunsAtOnce = 1000;

Error no_such_workflow(const std::string& id) { return fail(Errc::not_found, "there is no workflow run '" + id + "'"); }

/// The workflow's own run; later ones of its task, after a retry, are not it.
Result<RunRow> own_run(StoreReader& reader, const std::string& id) {
  const auto key = parse_run_id(id);
  auto run = key ? check(reader.find_run(*key)) : std::optional<RunRow>{};
  if (!run || run->workflow != run->id) return no_such_workflow(id);
  return std::move(*run);
}

std::vector<RunRow> all_runs(StoreReader& reader, RunKey workflow) {
  std::vector<RunRow> out;
  for (RunKey after = 0;;) {
    auto some = check(reader.runs_of_workflow(workflow, after, kRunsAtOnce));
    const bool more = some.size() == kRunsAtOnce;
    if (more) after = some.back().id;
    std::move(some.begin(), some.end(), std::back_inserter(out));
    if (!more) return out;
  }
}

/// The newest of each task, those that were made first in front, the workflow's own task last.
std::vector<RunRow> nodes(StoreReader& reader, const RunRow& own) {
  std::map<TaskKey, std::size_t> places;
  std::vector<RunRow> out;
  for (RunRow& run : all_runs(reader, own.id)) {
    const auto [place, is_new] = places.emplace(run.task, out.size());
    if (is_new) {
      out.push_back(std::move(run));
    } else {
      out[place->second] = std::move(run);
    }
  }
  const auto is_own = [&](const RunRow& run) { return run.task != own.task; };
  std::stable_partition(out.begin(), out.end(), is_own);
  return out;
}

Status status_of(const std::vector<Run>& nodes) {
  const auto any = [&](Status status) {
    return std::any_of(nodes.begin(), nodes.end(), [status](const Run& run) { return run.status == status; });
  };
  if (any(Status::running)) return Status::running;
  if (any(Status::pending)) return Status::pending;
  if (nodes.back().status == Status::completed) return Status::completed;
  return any(Status::failed) ? Status::failed : Status::cancelled;
}

WorkflowRun view(StoreReader& reader, const RunRow& own, TimePoint now) {
  WorkflowRun out;
  out.id = run_id(own.id);
  out.created_at = own.created_at;
  for (const RunRow& run : nodes(reader, own)) {
    const auto task = check(reader.find_task(run.task));
    if (!task) continue;  // deleted, and pruned
    if (run.task == own.task) out.task_id = task->id;
    out.nodes.push_back(view_run(reader, *task, run, now));
    if (run.finished_at) out.finished_at = std::max(out.finished_at.value_or(*run.finished_at), *run.finished_at);
  }
  out.status = status_of(out.nodes);
  if (out.status == Status::running || out.status == Status::pending) out.finished_at.reset();
  return out;
}

/// Whether a run may be made of this task, by this caller.
Result<void> check_node(Ledger& ledger, const Entry& entry, const TaskGuard& guard) {
  if (auto allowed = ask(guard, ledger, entry); !allowed) return allowed;
  if (is_full(entry)) return too_many_waiting(entry);
  return {};
}

bool is_unneeded(const RunRow& run) { return run.reason == to_string(Verdict::not_needed); }

/// What did not complete, of tasks that are there; what waits goes on when that is done. A run that was not needed is
/// again if something that it depends on is.
std::vector<const RunRow*> to_repeat(Ledger& ledger, const std::vector<RunRow>& nodes) {
  std::vector<const RunRow*> out;
  std::set<TaskKey> repeated;
  const auto add = [&](const RunRow& run) {
    out.push_back(&run);
    repeated.insert(run.task);
  };
  const auto failed = [&](const RunRow& run) {
    const Entry* entry = ledger.get(run.task);
    return is_settled(run.state) && run.state != RunState::completed && entry != nullptr && !entry->row.deleted;
  };
  for (const RunRow& run : nodes) {
    if (failed(run) && !is_unneeded(run)) add(run);
  }
  for (const RunRow& run : nodes) {
    if (!failed(run) || !is_unneeded(run)) continue;
    const auto& upstreams = ledger.get(run.task)->row.upstreams;
    if (std::any_of(upstreams.begin(), upstreams.end(), [&](TaskKey key) { return repeated.contains(key); })) add(run);
  }
  return out;
}

/// A run of another workflow must not take the place of one that retention took.
Result<void> check_upstreams(Ledger& ledger, const Entry& entry, RunKey workflow) {
  for (const TaskKey key : entry.row.upstreams) {
    const Entry* upstream = ledger.get(key);
    if (upstream == nullptr || check(ledger.store().newest_of_workflow(workflow, key))) continue;
    return fail(Errc::conflict, "task '" + entry.row.id + "' depends on '" + upstream->row.id +
                                    "', of which this workflow run has none (any more); execute it anew");
  }
  return {};
}

/// Errors: those of the guard for its own task.
Result<RunRow> find_workflow(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  auto own = own_run(ledger.store(), id);
  if (!own) return own;
  const Entry* entry = ledger.get(own->task);
  if (entry == nullptr || entry->row.deleted) return no_such_workflow(id);
  if (auto allowed = ask(guard, ledger, *entry); !allowed) return allowed.error();
  return own;
}

}  // namespace

Result<Run> execute_workflow(Ledger& ledger, NewRun request, const TaskGuard& guard) {
  const auto found = find_guarded(ledger, request.task_id, guard);
  if (!found) return found.error();
  Entry& target = **found;
  const auto order =
      upstream_closure(target.row.key, kMaxTasks, [&](TaskKey key) { return ledger.get(key)->row.upstreams; });
  if (order.size() > kMaxTasks) return invalid("/withDependencies", "leads to more than 10,000 tasks");
  Addition addition(ledger);
  for (const TaskKey key : order) {
    const Entry& entry = *ledger.get(key);
    if (auto fine = check_node(ledger, entry, guard); !fine) return fine.error();
    addition.runs(entry, 1, key == target.row.key ? request.params : SharedText());
  }
  if (auto within = addition.fits(); !within) return within.error();
  // The own run comes first, since the others name it.
  RunRow own = new_run(ledger, target, ledger.now());
  own.params = std::move(request.params);
  own.workflow = kItself;
  const auto placed = place_asked(ledger, target, std::move(own));
  for (const TaskKey key : order) {
    if (key == target.row.key) continue;
    Entry& entry = *ledger.get(key);
    RunRow run = new_run(ledger, entry, ledger.now());
    run.workflow = placed->id;
    place_asked(ledger, entry, std::move(run));
  }
  return view_run(ledger, target, *placed);
}

Result<WorkflowRun> cancel_workflow(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  const auto own = find_workflow(ledger, id, guard);
  if (!own) return own.error();
  auto runs = all_runs(ledger.store(), own->id);
  for (const RunRow& run : runs) {
    const Entry* entry = is_settled(run.state) ? nullptr : ledger.get(run.task);
    if (entry == nullptr) continue;
    if (auto allowed = ask(guard, ledger, *entry); !allowed) return allowed.error();
  }
  // What waits goes first, lest the end of what it waits for lets it go.
  std::stable_partition(runs.begin(), runs.end(), [](const RunRow& run) { return run.state != RunState::running; });
  for (RunRow& run : runs) {
    if (Entry* entry = ledger.get(run.task)) cancel_one(ledger, *entry, std::move(run), "cancelled");
  }
  return view(ledger.store(), *own, ledger.now());
}

Result<WorkflowRun> retry_workflow(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  const auto own = find_workflow(ledger, id, guard);
  if (!own) return own.error();
  const auto all = nodes(ledger.store(), *own);
  const auto moves = [](const RunRow& run) {
    return run.state == RunState::ready || run.state == RunState::running || has_items(run);
  };
  if (std::any_of(all.begin(), all.end(), moves)) {
    return fail(Errc::conflict, "the workflow run still goes on; cancel it, or wait");
  }
  const auto again = to_repeat(ledger, all);
  Addition addition(ledger);
  for (const RunRow* run : again) {
    const Entry& entry = *ledger.get(run->task);
    if (auto fine = check_node(ledger, entry, guard); !fine) return fine.error();
    addition.runs(entry, 1, run->params);
    if (auto whole = check_upstreams(ledger, entry, own->id); !whole) return whole.error();
  }
  if (auto within = addition.fits(); !within) return within.error();
  for (const RunRow* run : again) place_asked(ledger, *ledger.get(run->task), repeat_run(ledger, *run));
  return view(ledger.store(), *own, ledger.now());
}

Result<WorkflowRun> view_workflow(StoreReader& reader, const std::string& id, TimePoint now) {
  const auto own = own_run(reader, id);
  if (!own) return own.error();
  const auto task = check(reader.find_task(own->task));
  if (!task || task->deleted) return no_such_workflow(id);
  return view(reader, *own, now);
}

}  // namespace taskcore
