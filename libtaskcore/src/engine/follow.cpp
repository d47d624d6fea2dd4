#include "engine/follow.hpp"

#include <algorithm>

#include "engine/due.hpp"
#include "engine/gates.hpp"
#include "engine/place.hpp"
#include "engine/skips.hpp"
#include "engine/spread.hpp"
#include "engine/transitions.hpp"

namespace taskcore {
namespace {

bool is_news(const TaskRow& upstream, RunKey followed) { return upstream.state.last_settled > followed; }

std::vector<UpstreamFacts> news_in_batch(Ledger& ledger, const TaskRow& task) {
  std::vector<UpstreamFacts> out;
  for (std::size_t i = 0; i < task.upstreams.size(); ++i) {
    const Entry* upstream = ledger.get(task.upstreams[i]);
    const bool anew = upstream != nullptr && is_news(upstream->row, task.state.consumed.at(i));
    out.push_back(
        {.task = task.upstreams[i], .state = anew ? last_end(ledger.store(), upstream->row.state) : EdgeState::open});
  }
  return out;
}

Verdict judge_news(Ledger& ledger, const Entry& entry) {
  const TaskSpec& spec = entry.definition->spec();
  return judge_round(spec.trigger_rule, spec.on_dependency_failure, news_in_batch(ledger, entry.row));
}

RunKey newest_settled(Ledger& ledger, TaskKey upstream) {
  const Entry* entry = ledger.get(upstream);
  return entry != nullptr ? entry->row.state.last_settled : 0;
}

/// All that has settled by now counts as followed.
void consume(Ledger& ledger, Entry& entry) {
  const TaskRow& row = entry.row;
  entry.row.state.consumed = wire(ledger, row, row.upstreams, entry.definition->schedule, true);
  ledger.touch(entry);
}

/// The end of a run whose workflow has a run of this task, too, is no news: that run waits for it.
void leave_to_workflows(Ledger& ledger, Entry& entry) {
  Store& store = ledger.store();
  auto& consumed = entry.row.state.consumed;
  for (std::size_t i = 0; i < consumed.size(); ++i) {
    const RunKey newest = newest_settled(ledger, entry.row.upstreams.at(i));
    if (newest <= consumed[i]) continue;
    const auto run = check(store.find_run(newest));
    if (!run || run->workflow == 0 || !check(store.newest_of_workflow(run->workflow, entry.row.key))) continue;
    consumed[i] = newest;
    ledger.touch(entry);
  }
}

void skip(Ledger& ledger, const Entry& entry, SkipReason reason) {
  record_skip(ledger, entry, {reason, 1, ledger.now(), ledger.now()});
}

/// For a failure upstream: a run that ends at once, so that those that depend on this task learn of it.
void place_cancelled(Ledger& ledger, Entry& entry, RunRow run) {
  cancel_unstarted(run, std::string(to_string(Verdict::dependency_failed)), ledger.now());
  check(ledger.store().insert_run(run));
  ledger.book_live(entry, run, true);  // until it is counted as settled
  entry.row.state.last_run = run.id;
  ledger.emit(Event::Type::run_created, entry, &run);
  count_settled(ledger, entry, run);
}

/// Whether a live run of the task keeps another one from being made.
bool is_overlapped(Ledger& ledger, Entry& entry) {
  const Overlap overlap = entry.definition->spec().overlap;
  if (entry.row.state.live == 0) return false;
  if (overlap == Overlap::skip) return true;
  // One waits already.
  return overlap == Overlap::queue && first_held(ledger, entry);
}

void make_following_run(Ledger& ledger, Entry& entry, Verdict verdict) {
  const TaskSpec& spec = entry.definition->spec();
  if (runs_left(spec, entry.row.state.schedule_runs) == 0) return;
  RunRow run = new_run(ledger, entry, ledger.now());
  run.trigger = Trigger::dependency;
  if (verdict == Verdict::dependency_failed) return place_cancelled(ledger, entry, std::move(run));
  run.ready_at += start_delay(entry.row.id, spec.schedule_jitter, entry.definition->schedule, ledger.now());
  if (is_overlapped(ledger, entry)) return skip(ledger, entry, SkipReason::overlap);
  place_asked(ledger, entry, std::move(run));
  entry.row.state.schedule_runs += 1;
}

}  // namespace

bool follows(const Definition& definition) noexcept {
  return definition.schedule.kind() == Schedule::Kind::after_dependencies;
}

std::vector<UpstreamFacts> news_of(StoreReader& reader, const TaskRow& task) {
  std::vector<UpstreamFacts> out;
  for (std::size_t i = 0; i < task.state.consumed.size(); ++i) {
    const auto upstream = check(reader.find_task(task.upstreams.at(i)));
    const bool anew = upstream && is_news(*upstream, task.state.consumed[i]);
    out.push_back({.task = task.upstreams[i], .state = anew ? last_end(reader, upstream->state) : EdgeState::open});
  }
  return out;
}

void follow_dependencies(Ledger& ledger, Entry& entry) {
  if (!follows(*entry.definition) || entry.row.deleted) return;
  leave_to_workflows(ledger, entry);
  if (entry.row.paused) return;
  const Verdict verdict = judge_news(ledger, entry);
  if (verdict == Verdict::wait) return;
  consume(ledger, entry);
  if (verdict == Verdict::not_needed) return;
  if (!entry.definition->schedule.admits(ledger.now())) return skip(ledger, entry, SkipReason::closed);
  make_following_run(ledger, entry, verdict);
}

std::vector<RunKey> wire(Ledger& ledger, const TaskRow& before, const std::vector<TaskKey>& upstreams,
                         const Schedule& schedule, bool rescheduled) {
  std::vector<RunKey> out;
  if (schedule.kind() != Schedule::Kind::after_dependencies) return out;
  for (const TaskKey key : upstreams) {
    const auto had = std::find(before.upstreams.begin(), before.upstreams.end(), key);
    const bool goes_on = !rescheduled && had != before.upstreams.end();
    out.push_back(goes_on ? before.state.consumed.at(static_cast<std::size_t>(had - before.upstreams.begin()))
                          : newest_settled(ledger, key));
  }
  return out;
}

void pass_over(Ledger& ledger, Entry& entry) {
  if (!follows(*entry.definition)) return;
  const Verdict verdict = judge_news(ledger, entry);
  if (verdict == Verdict::wait) return;  // half a round goes on
  consume(ledger, entry);
  if (verdict != Verdict::not_needed) skip(ledger, entry, SkipReason::paused);
}

}  // namespace taskcore
