#include "engine/runs.hpp"

#include <boost/json/serialize.hpp>
#include <unordered_map>

#include "engine/fan_out.hpp"
#include "engine/place.hpp"
#include "engine/quota.hpp"
#include "engine/tasks.hpp"
#include "engine/transitions.hpp"
#include "engine/views.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMaxTextBytes = 256 * 1024;

struct FoundRun {
  Entry* entry = nullptr;
  RunRow run{};
};

/// A run whose task is there and which `guard` allows.
Result<FoundRun> find_run_guarded(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  const auto key = parse_run_id(id);
  auto run = key ? check(ledger.store().find_run(*key)) : std::optional<RunRow>{};
  Entry* entry = run ? ledger.get(run->task) : nullptr;
  if (entry == nullptr || entry->row.deleted) return no_such_run(id);
  if (guard && !guard(view_task(ledger, *entry))) return no_such_run(id);
  return FoundRun{entry, std::move(*run)};
}

Result<SharedText> encode(const boost::json::value& value, const char* pointer) {
  std::string text = boost::json::serialize(value);
  if (text.size() > kMaxTextBytes) return invalid(pointer, "must be at most 256 KiB as text");
  return SharedText(text);
}

RunRow new_run_with(Ledger& ledger, const Entry& entry, SharedText params) {
  RunRow run = new_run(ledger, entry, ledger.now());
  run.params = std::move(params);
  return run;
}

}  // namespace

RunRow repeat_run(Ledger& ledger, const RunRow& settled) {
  RunRow run = new_run_with(ledger, *ledger.get(settled.task), settled.params);
  run.trigger = Trigger::retry_now;
  run.retry_of = settled.id;
  run.workflow = settled.workflow;
  return run;
}

std::shared_ptr<const RunRow> place_again(Ledger& ledger, Entry& entry, const RunRow& settled) {
  RunRow again = repeat_run(ledger, settled);
  again.workflow = 0;
  return place_asked(ledger, entry, std::move(again));
}

Error no_such_run(std::string_view id) { return fail(Errc::not_found, "there is no run '" + std::string(id) + "'"); }

Result<SharedText> encode_params(const boost::json::value& params) {
  return params.is_null() ? SharedText() : encode(params, "/params");
}

Result<SharedText> encode_signal(const boost::json::value& payload) { return encode(payload, "/payload"); }

Result<Run> execute_task(Ledger& ledger, NewRun request, const TaskGuard& guard) {
  auto entry = find_guarded(ledger, request.task_id, guard);
  if (!entry) return entry.error();
  if (is_full(**entry)) return too_many_waiting(**entry);
  Addition addition(ledger);
  addition.runs(**entry, 1, request.params);
  if (auto within = addition.fits(); !within) return within.error();
  const auto run = place_asked(ledger, **entry, new_run_with(ledger, **entry, std::move(request.params)));
  return view_run(ledger, **entry, *run);
}

Result<std::vector<std::string>> submit_runs(Ledger& ledger, std::vector<NewRun> requests) {
  std::vector<Entry*> entries;
  std::unordered_map<const Entry*, std::int64_t> coming;
  entries.reserve(requests.size());
  Addition addition(ledger);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Entry* entry = ledger.find(requests[i].task_id);
    if (entry == nullptr)
      return invalid("/" + std::to_string(i) + "/taskId", "there is no task '" + requests[i].task_id + "'");
    if (is_full(*entry, coming[entry]++)) return too_many_waiting(*entry);
    addition.runs(*entry, 1, requests[i].params);
    entries.push_back(entry);
  }
  if (auto within = addition.fits(); !within) return within.error();
  std::vector<std::string> ids;
  ids.reserve(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    RunRow run = new_run_with(ledger, *entries[i], std::move(requests[i].params));
    ids.push_back(run_id(place_asked(ledger, *entries[i], std::move(run))->id));
  }
  return ids;
}

Result<Task> cancel_task(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  auto entry = find_guarded(ledger, id, guard);
  if (!entry) return entry.error();
  cancel_live(ledger, **entry, "cancelled");
  return view_task(ledger, **entry);
}

Result<Run> cancel_run(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  auto found = find_run_guarded(ledger, id, guard);
  if (!found) return found.error();
  auto& [entry, run] = *found;
  const RunRow now_stands = cancel_one(ledger, *entry, std::move(run), "cancelled");
  return view_run(ledger, *entry, now_stands);
}

Result<Run> retry_run(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  auto found = find_run_guarded(ledger, id, guard);
  if (!found) return found.error();
  auto& [entry, run] = *found;
  if (run.item_of != 0) {
    return fail(Errc::conflict, "the run is an item of '" + run_id(run.item_of) + "'; retry that one");
  }
  if (!is_settled(run.state)) return fail(Errc::conflict, "the run is still live; cancel it, or wait for its end");
  if (is_full(*entry)) return too_many_waiting(*entry);
  Addition addition(ledger);
  addition.runs(*entry, 1, run.params);
  if (auto within = addition.fits(); !within) return within.error();
  return view_run(ledger, *entry, *place_again(ledger, *entry, run));
}

Result<Run> signal_run(Ledger& ledger, const std::string& id, const SharedText& payload, const TaskGuard& guard) {
  auto found = find_run_guarded(ledger, id, guard);
  if (!found) return found.error();
  auto& [entry, run] = *found;
  const RunState from = run.state;
  if (is_settled(from)) return fail(Errc::conflict, "the run has ended and takes no signal any more");
  if (run.items > 0 || is_to_fan_out(*entry, run))
    return fail(Errc::conflict, "the run is made into items, which take signals; it takes none itself");
  if (!run.signal_value.empty()) return fail(Errc::conflict, "the run has a signal that it has not used up yet");
  const bool awaited = awaits_signal(run);
  if (awaited && from == RunState::running)
    return fail(Errc::conflict, "the deadline of the wait has passed; the run takes no signal any more");
  give_signal(run, payload, ledger.now());
  check(ledger.store().change_run(run, from));
  if (awaited) ledger.note_ready(run);
  if (from == RunState::running) ledger.report().signals.push_back({run.id, run.fence, payload});
  return view_run(ledger, *entry, run);
}

}  // namespace taskcore
