#include "engine/gates.hpp"

#include <boost/json/parse.hpp>

#include "engine/place.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kWaitingAtOnce = 500;

UpstreamFacts facts_of(const TaskRow& upstream, const std::optional<TimePoint>& earliest_live, TimePoint due,
                       TimePoint now) {
  UpstreamFacts facts{.task = upstream.key};
  // An instant that has passed and is not yet a run counts as one: both may be due at the same second.
  const auto& next = upstream.state.next_due;
  const bool unmade = next && !upstream.paused && *next <= now && *next <= due;
  const bool live_before = unmade || (earliest_live && *earliest_live <= due);
  if (live_before || upstream.state.last_settled == 0) return facts;
  facts.state = upstream.state.last_status == Status::completed ? EdgeState::completed : EdgeState::failed;
  return facts;
}

std::vector<UpstreamFacts> facts_in_batch(Ledger& ledger, const TaskRow& task, TimePoint due) {
  std::vector<UpstreamFacts> out;
  for (const TaskKey key : task.upstreams) {
    Entry* upstream = ledger.get(key);
    if (upstream == nullptr || upstream->row.deleted) continue;
    const auto earliest =
        upstream->row.state.live > 0 ? check(ledger.store().earliest_live_due(key)) : std::optional<TimePoint>{};
    out.push_back(facts_of(upstream->row, earliest, due, ledger.now()));
  }
  return out;
}

}  // namespace

std::vector<UpstreamFacts> upstream_facts(StoreReader& reader, const TaskRow& task, TimePoint due, TimePoint now) {
  std::vector<UpstreamFacts> out;
  for (const TaskKey key : task.upstreams) {
    const auto upstream = check(reader.find_task(key));
    if (!upstream || upstream->deleted) continue;
    const auto earliest = upstream->state.live > 0 ? check(reader.earliest_live_due(key)) : std::optional<TimePoint>{};
    out.push_back(facts_of(*upstream, earliest, due, now));
  }
  return out;
}

void recheck_waiting(Ledger& ledger, Entry& entry) {
  if (entry.row.state.live == 0) return;
  const TaskSpec& spec = entry.definition->spec();
  auto runs = check(ledger.store().live_runs(entry.row.key, RunState::waiting, kWaitingAtOnce));
  bool moved = false;
  for (RunRow& run : runs) {
    const Verdict verdict =
        judge(spec.trigger_rule, spec.on_dependency_failure, facts_in_batch(ledger, entry.row, run.due_at));
    if (verdict == Verdict::wait) continue;
    moved = true;
    if (verdict == Verdict::go) {
      make_ready(ledger, entry, run, RunState::waiting);
    } else {
      cancel_one(ledger, entry, std::move(run), std::string(to_string(verdict)));
    }
  }
  if (moved && runs.size() == kWaitingAtOnce) ledger.recheck_gate(entry.row.key);  // more may wait behind these
}

boost::json::object upstream_results(Ledger& ledger, const Entry& entry) {
  boost::json::object out;
  for (const TaskKey key : entry.row.upstreams) {
    const Entry* upstream = ledger.get(key);
    if (upstream == nullptr || upstream->row.state.last_completed == 0) continue;
    const auto run = check(ledger.store().find_run(upstream->row.state.last_completed));
    if (!run) continue;
    boost::system::error_code bad_json;
    boost::json::value result = run->result.empty() ? nullptr : boost::json::parse(run->result.view(), bad_json);
    out[upstream->row.id] = boost::json::object{{"runId", run_id(run->id)}, {"result", std::move(result)}};
  }
  return out;
}

}  // namespace taskcore
