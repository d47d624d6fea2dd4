#include "engine/deed.hpp"

#include <boost/json/serialize.hpp>

#include "engine/audit.hpp"
#include "engine/conflict.hpp"
#include "engine/views.hpp"
#include "engine/workflow.hpp"
#include "model/ids.hpp"
#include "model/sha256.hpp"
#include "taskcore/json.hpp"

namespace taskcore {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxText = 16 * 1024;
constexpr std::size_t kLiveRuns = 100;

/// Of a text that is too long only what it takes to recognise it.
std::string fit(std::string text) {
  if (text.size() <= kMaxText) return text;
  return json::serialize(json::object{{"bytes", text.size()}, {"sha256", sha256(text)}});
}

/// A run without what may be large or confidential: its parameters, result and error.
json::object brief(const Run& run) {
  json::object out{{"id", run.id},
                   {"taskId", run.task_id},
                   {"status", to_string(run.status)},
                   {"trigger", to_string(run.trigger)},
                   {"attempt", run.attempt},
                   {"cancelRequested", run.cancel_requested}};
  const auto add = [&out](const char* name, const std::string& text) {
    if (!text.empty()) out.emplace(name, text);
  };
  add("reason", run.reason);
  add("retryOf", run.retry_of);
  add("workflowRunId", run.workflow_run_id);
  return out;
}

std::string text_of(const Run& run) { return json::serialize(brief(run)); }

std::string text_of(const WorkflowRun& workflow) {
  json::array nodes;
  for (const Run& run : workflow.nodes) nodes.push_back(brief(run));
  return fit(json::serialize(
      json::object{{"id", workflow.id}, {"status", to_string(workflow.status)}, {"nodes", std::move(nodes)}}));
}

std::optional<Run> find_run(Ledger& ledger, RunKey key) {
  const auto row = check(ledger.store().find_run(key));
  const Entry* entry = row ? ledger.get(row->task) : nullptr;
  return entry != nullptr ? std::optional(view_run(ledger, *entry, *row)) : std::nullopt;
}

std::optional<Run> find_run(Ledger& ledger, const std::string& id) {
  const auto key = parse_run_id(id);
  return key ? find_run(ledger, *key) : std::nullopt;
}

/// The same without reading what may be large.
json::object brief(Ledger& ledger, const Entry& entry, RunRow row) {
  row.params = row.result = row.error = row.past_attempts = SharedText();
  return brief(view_run(ledger, entry, row));
}

std::string run_text(Ledger& ledger, RunKey key) {
  auto row = check(ledger.store().find_run(key));
  const Entry* entry = row ? ledger.get(row->task) : nullptr;
  return entry != nullptr ? json::serialize(brief(ledger, *entry, std::move(*row))) : std::string();
}

template <class Row>
std::string spec_text(const std::optional<Row>& row) {
  return row ? fit(std::string(row->spec.view())) : std::string();
}

}  // namespace

DeedPtr make_deed(const ProvenancePtr& by, Deed::On on, const char* action, const std::string& target) {
  if (!by) return nullptr;
  auto deed = std::make_unique<Deed>();
  deed->by = by;
  deed->on = on;
  deed->action = action;
  deed->target = target;
  if (by->idempotency && by->idempotency->write) {
    deed->scope = sha256(by->idempotency->scope);
    deed->body = sha256(by->idempotency->body);
  }
  return deed;
}

Recording::Recording(Ledger& ledger, const Deed& deed) : ledger_(ledger), deed_(deed), target_(deed.target) {}

Result<void> Recording::begin() {
  if (!deed_.scope.empty()) {
    Idempotency& call = *deed_.by->idempotency;
    const auto known = check(ledger_.store().find_idempotency(deed_.scope));
    if (known && known->expires_at > ledger_.now()) {
      const bool same = known->body == deed_.body;
      call.found = same ? Idempotency::Found::same : Idempotency::Found::other_body;
      if (!same) return fail(Errc::conflict, "this key was used for another call");
      call.answer = known->answer.str();
      return fail(Errc::conflict, "this call has been answered before");
    }
  }
  if (deed_.creates) {
    const Entry* taken = find_conflict(ledger_, deed_.target, deed_.unique_key, deed_.created_by).task;
    target_ = taken != nullptr ? taken->row.id : std::string();
  }
  before_ = snapshot();
  for (const RunKey run : deed_.runs) runs_before_.push_back(run_text(ledger_, run));
  return {};
}

/// None where the mask throws: the change stands, and nothing that may be secret is written down.
std::optional<std::string> Recording::text_of_task(const Task& task) const {
  if (!deed_.by->mask) return to_json_text(task);
  Task shown = task;
  try {
    deed_.by->mask(shown);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    return std::nullopt;
  }
  return to_json_text(shown);
}

/// With the runs that it has, where they are what is changed.
std::string Recording::row_text(const std::string& task, const std::optional<std::string>& shown) const {
  std::string text = shown ? *shown : json::serialize(json::object{{"id", task}, {"masked", false}});
  if (deed_.on == Deed::On::live_runs) {
    text.back() = ',';
    text += "\"liveRuns\":" + json::serialize(live_runs(task)) + "}";
  }
  return fit(std::move(text));
}

json::array Recording::live_runs(const std::string& task) const {
  json::array out;
  const Entry* entry = ledger_.find(task);
  if (entry == nullptr) return out;
  for (RunRow& row : check(ledger_.store().live_runs(entry->row.key, kLiveRuns))) {
    out.push_back(brief(ledger_, *entry, std::move(row)));
  }
  return out;
}

std::string Recording::task_text(const std::string& id) const {
  const Entry* entry = id.empty() ? nullptr : ledger_.find(id);
  return entry != nullptr ? row_text(id, text_of_task(view_task(ledger_, *entry))) : std::string();
}

std::string Recording::snapshot() const {
  switch (deed_.on) {
    case Deed::On::nothing:
      break;
    case Deed::On::task:
    case Deed::On::live_runs:
      return task_text(target_);
    case Deed::On::run: {
      const auto run = parse_run_id(target_);
      return run ? run_text(ledger_, *run) : std::string();
    }
    case Deed::On::workflow: {
      const auto workflow = view_workflow(ledger_.store(), target_, ledger_.now());
      return workflow ? text_of(*workflow) : std::string();
    }
    case Deed::On::queue:
      return spec_text(check(ledger_.store().find_queue(target_)));
    case Deed::On::calendar:
      return spec_text(check(ledger_.store().find_calendar(target_)));
  }
  return {};
}

void Recording::note(const std::string& action, const std::string& target, std::string before, std::string after) {
  if (before == after) return;  // nothing was changed
  const Provenance& by = *deed_.by;
  AuditEntry entry;
  entry.actor = by.actor;
  entry.role = by.role;
  entry.action = action;
  entry.target = target;
  entry.outcome = "done";
  entry.before = std::move(before);
  entry.after = std::move(after);
  entry.request_id = by.request_id;
  append_audit(ledger_, std::move(entry));
}

void Recording::keep(const Given& given, const Run* last_run) {
  if (deed_.scope.empty()) return;
  Idempotency& call = *deed_.by->idempotency;
  try {
    call.answer = call.write(given, last_run);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {  // the change stands; its answer is an empty one
    call.answer.clear();
  }
  check(ledger_.store().put_idempotency({deed_.scope, deed_.body, call.answer, ledger_.now() + call.keep}));
}

void Recording::done(const Task& task) {
  const bool existed = deed_.creates && !before_.empty();
  auto text = text_of_task(task);
  note(existed ? "task.update" : deed_.action, task.id, before_, row_text(task.id, text));
  if (text) deed_.by->task_text = std::move(*text);
  if (deed_.scope.empty()) return;
  const auto last = task.last_run_id.empty() ? std::nullopt : find_run(ledger_, task.last_run_id);
  keep(&task, last ? &*last : nullptr);
}

void Recording::done(const std::vector<Task>& tasks) {
  for (const Task& task : tasks) note(deed_.action, task.id, {}, row_text(task.id, text_of_task(task)));
  keep(&tasks);
}

void Recording::done(const Run& run) {
  note(deed_.action, deed_.target, before_, text_of(run));
  keep(&run);
}

void Recording::done(const Backfill& made) {
  json::array ids;
  for (const BackfillRun& run : made.runs) {
    if (!run.run_id.empty()) ids.emplace_back(run.run_id);
  }
  if (!ids.empty()) note(deed_.action, deed_.target, {}, fit(json::serialize(json::object{{"runs", std::move(ids)}})));
  keep(&made);
}

void Recording::done(const BulkRuns& runs) {
  std::size_t done = 0;  // both are in the order of ids
  for (std::size_t i = 0; i < deed_.runs.size() && done < runs.ids.size(); ++i) {
    const std::string& id = runs.ids[done];
    if (id != run_id(deed_.runs[i])) continue;
    const auto made = done < runs.made.size() ? parse_run_id(runs.made[done]) : std::nullopt;
    note(deed_.action, id, runs_before_[i], run_text(ledger_, made.value_or(deed_.runs[i])));
    ++done;
  }
  keep(&runs);
}

bool Recording::is_shown(const Run& run) const {
  const Entry* entry = ledger_.find(run.task_id);
  if (entry == nullptr) return false;
  try {
    return deed_.by->idempotency->shows(view_task(ledger_, *entry));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    return false;
  }
}

void Recording::done(const WorkflowRun& workflow) {
  note(deed_.action, deed_.target, before_, text_of(workflow));
  if (deed_.scope.empty()) return;
  if (!deed_.by->idempotency->shows) return keep(&workflow);
  WorkflowRun shown = workflow;
  std::erase_if(shown.nodes, [&](const Run& run) { return !is_shown(run); });
  keep(&shown);
}

void Recording::done() { note(deed_.action, deed_.target, before_, snapshot()); }

}  // namespace taskcore
