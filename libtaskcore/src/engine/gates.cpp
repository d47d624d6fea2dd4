#include "engine/gates.hpp"

#include "engine/fan_out.hpp"
#include "engine/place.hpp"
#include "model/ids.hpp"
#include "model/json_text.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kWaitingAtOnce = 500;

/// Whether nothing of the upstream that has ended is the answer to a run that is due then.
bool is_open(const TaskRow& upstream, const std::optional<TimePoint>& earliest_live, TimePoint due, TimePoint now) {
  // An instant that has passed and is not yet a run counts as one: both may be due at the same second.
  const auto& next = upstream.state.next_due;
  const bool unmade = next && !upstream.paused && *next <= now && *next <= due;
  const bool live_before = unmade || (earliest_live && *earliest_live <= due);
  return live_before || upstream.state.last_settled == 0;
}

/// Inside a workflow an edge is met by its own runs; one that was added since, and has none there, as any other.
std::optional<UpstreamFacts> facts_in_workflow(StoreReader& reader, TaskKey upstream, const RunRow& run) {
  if (run.workflow == 0) return std::nullopt;
  const auto own = check(reader.newest_of_workflow(run.workflow, upstream));
  if (!own) return std::nullopt;
  if (!is_settled(own->state)) return UpstreamFacts{.task = upstream};
  return UpstreamFacts{.task = upstream, .state = ended_edge(*own)};
}

/// `find` gives the row of an upstream, or null.
template <class Find>
std::vector<UpstreamFacts> gather_facts(StoreReader& reader, const TaskRow& task, const RunRow& run, TimePoint now,
                                        Find find) {
  std::vector<UpstreamFacts> out;
  for (const TaskKey key : task.upstreams) {
    const TaskRow* upstream = find(key);
    if (upstream == nullptr || upstream->deleted) continue;
    if (const auto facts = facts_in_workflow(reader, key, run)) {
      out.push_back(*facts);
      continue;
    }
    const auto earliest = upstream->state.live > 0 ? check(reader.earliest_live_due(key)) : std::optional<TimePoint>{};
    const bool open = is_open(*upstream, earliest, run.due_at, now);
    out.push_back({.task = key, .state = open ? EdgeState::open : last_end(reader, upstream->state)});
  }
  return out;
}

std::vector<UpstreamFacts> facts_in_batch(Ledger& ledger, const TaskRow& task, const RunRow& run) {
  return gather_facts(ledger.store(), task, run, ledger.now(), [&](TaskKey key) {
    const Entry* entry = ledger.get(key);
    return entry != nullptr ? &entry->row : nullptr;
  });
}

/// The run of `upstream` whose result an attempt of `run` sees.
std::optional<RunRow> giver_of(Ledger& ledger, const TaskRow& upstream, const RunRow& run) {
  Store& store = ledger.store();
  if (run.workflow != 0) {
    auto own = check(store.newest_of_workflow(run.workflow, upstream.key));
    if (own) return own->state == RunState::completed ? std::move(own) : std::nullopt;
  }
  return upstream.state.last_completed != 0 ? check(store.find_run(upstream.state.last_completed)) : std::nullopt;
}

}  // namespace

EdgeState last_end(StoreReader& reader, const TaskState& upstream) {
  if (upstream.last_status == Status::completed) return EdgeState::completed;
  const auto run = check(reader.find_run(upstream.last_settled));  // it may have had items that did complete
  return run ? ended_edge(*run) : EdgeState::failed;
}

std::vector<UpstreamFacts> upstream_facts(StoreReader& reader, const TaskRow& task, const RunRow& run, TimePoint now) {
  std::optional<TaskRow> found;
  return gather_facts(reader, task, run, now, [&](TaskKey key) {
    found = check(reader.find_task(key));
    return found ? &*found : nullptr;
  });
}

void recheck_waiting(Ledger& ledger, Entry& entry) {
  if (entry.row.state.live == 0) return;
  const TaskSpec& spec = entry.definition->spec();
  RunKey judged = 0;
  for (std::size_t limit = kWaitingAtOnce;; limit *= 2) {
    auto runs = check(ledger.store().live_runs(entry.row.key, RunState::waiting, limit));
    const bool more = runs.size() == limit;
    bool go_on = false;
    for (RunRow& run : runs) {
      if (run.id <= judged) continue;
      judged = run.id;
      if (has_items(run)) {
        go_on = true;  // it waits for nothing else, and holds up nobody
        continue;
      }
      const Verdict verdict =
          judge(spec.trigger_rule, spec.on_dependency_failure, facts_in_batch(ledger, entry.row, run));
      // What holds up a run holds up those behind it, too; but each workflow is a world of its own.
      go_on |= verdict != Verdict::wait || run.workflow != 0;
      if (verdict == Verdict::go) make_ready(ledger, entry, run, RunState::waiting);
      if (verdict == Verdict::dependency_failed || verdict == Verdict::not_needed) {
        cancel_one(ledger, entry, std::move(run), std::string(to_string(verdict)));
      }
    }
    if (!more || !go_on) return;
  }
}

boost::json::object upstream_results(Ledger& ledger, const Entry& entry, const RunRow& of) {
  boost::json::object out;
  for (const TaskKey key : entry.row.upstreams) {
    const Entry* upstream = ledger.get(key);
    const auto run = upstream != nullptr ? giver_of(ledger, upstream->row, of) : std::nullopt;
    if (!run) continue;
    out[upstream->row.id] = boost::json::object{{"runId", run_id(run->id)}, {"result", parse_stored(run->result)}};
  }
  return out;
}

}  // namespace taskcore
