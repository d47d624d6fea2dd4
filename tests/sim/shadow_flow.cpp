// What queues are set to, and that what begins keeps to it: pause, limits, keys and rates.
#include <algorithm>

#include "model/codec.hpp"
#include "sim/shadow.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {

void Shadow::learn_queue(const std::string& name, StoreReader& reader) {
  const auto row = reader.find_queue(name).value();
  if (!row) return complain("a queue is gone", name);
  trace_.note("queue " + name + " is " + row->spec.str());
  queues_.insert_or_assign(name, decode_queue(*row).value());
  std::erase_if(starts_, [&](const auto& each) { return each.first.first == name; });
}

/// Runs that waited for their time and may start now: nothing else of them changes by that.
void Shadow::learn_woken(StoreReader& reader) {
  for (const RunKey id : live_) {
    RunRow& run = runs_.at(id);
    if (!run.delayed) continue;
    const auto row = reader.find_run(id).value();
    if (!row || row->delayed) continue;
    const bool signalled = run.reason == "signal" && !row->signal_value.empty();
    if (run.ready_at > at_ && !signalled && !is_settled(row->state))
      complain("a run was woken too early", store_test::text(run));
    run.delayed = false;
  }
}

void Shadow::check_rate(const std::optional<Rate>& rate, const std::string& queue, const std::string& key) {
  auto& starts = starts_[{queue, key}];
  std::erase_if(starts, [this](TimePoint start) { return start > at_; });  // the clock was set back
  starts.push_back(at_);
  if (!rate) return;
  const auto within =
      std::count_if(starts.begin(), starts.end(), [&](TimePoint start) { return start > at_ - rate->period; });
  if (within > rate->limit) complain("more starts than the rate allows", queue + " " + key);
}

QueueSpec Shadow::rules_of(const std::string& queue) const {
  const auto set = queues_.find(queue);
  QueueSpec rules = set != queues_.end() ? set->second : QueueSpec{};
  if (const auto configured = options_.queues.find(queue); !rules.limit && configured != options_.queues.end()) {
    rules.limit = configured->second;
  }
  return rules;
}

/// Limits are lowered beside what runs, so what counts is what begins. What a queue was set to in this very commit may
/// have come before or after.
void Shadow::check_flow(const Touched& touched) {
  for (auto& [name, starts] : starts_) {  // what was once out of the period does not come back with the clock
    const QueueSpec rules = rules_of(name.first);
    const auto& rate = name.second.empty() ? rules.rate : rules.key_rate;
    if (rate) std::erase_if(starts, [&](TimePoint start) { return start <= at_ - rate->period; });
  }
  for (const RunKey id : begun_) all_starts_[{runs_.at(id).queue, ""}].push_back(at_);
  for (const RunKey id : begun_) {
    if (const RunRow& run = runs_.at(id); !run.concurrency_key.empty())
      all_starts_[{run.queue, run.concurrency_key}].push_back(at_);
  }
  const std::set<RunKey> begun(begun_.begin(), begun_.end());
  for (const RunKey id : begun_) {
    const RunRow& run = runs_.at(id);
    if (touched.queues.contains(run.queue) || lost_.contains({id, run.attempt})) continue;
    const QueueSpec rules = rules_of(run.queue);
    if (rules.paused) complain("a run of a paused queue began", store_test::text(run));
    int of_queue = 0;
    int of_key = 0;
    int key_limit = rules.key_limit;
    for (const RunKey other : live_) {
      const RunRow& beside = runs_.at(other);
      if (beside.state != RunState::running) continue;
      const bool here = !shared_ || beside.node == run.node;
      of_queue += here && beside.queue == run.queue ? 1 : 0;
      if (beside.concurrency_key != run.concurrency_key) continue;
      ++of_key;
      // It may have begun later in this commit, from a queue that allows more.
      if (begun.contains(other)) key_limit = std::max(key_limit, rules_of(beside.queue).key_limit);
    }
    if (rules.limit && of_queue > *rules.limit) complain("more runs of a queue than its limit", run.queue);
    check_rate(rules.rate, run.queue, "");
    if (run.concurrency_key.empty()) continue;
    if (of_key > key_limit) complain("more runs of a key than its limit", store_test::text(run));
    check_rate(rules.key_rate, run.queue, run.concurrency_key);
  }
}

/// Whether a rate may still hold up what is ready. The engine counts by the tenth of a period, of what the rate may
/// have been before: a minute at most.
bool Shadow::may_be_used_up(const std::optional<Rate>& rate, const std::string& queue, const std::string& key,
                            TimePoint now) const {
  const auto starts = all_starts_.find({queue, key});
  if (!rate || starts == all_starts_.end()) return false;
  const TimePoint since = now - rate->period - rate->period / 10 - Duration(6000);
  const auto seen =
      std::count_if(starts->second.begin(), starts->second.end(), [&](TimePoint at) { return at >= since; });
  return seen >= rate->limit;
}

void Shadow::check_nothing_waits(TimePoint now) {
  std::map<std::string, int> queues;
  std::map<std::string, int> keys;
  int running = 0;
  for (const RunKey id : live_) {
    const RunRow& run = runs_.at(id);
    if (run.losses >= 2) return;  // it waits for an empty node, or has one for itself
    if (run.state != RunState::running) continue;
    ++running;
    ++queues[run.queue];
    ++keys[run.concurrency_key];
  }
  if (running >= options_.max_concurrent) return;
  for (const RunKey id : live_) {
    const RunRow& run = runs_.at(id);
    if (run.state != RunState::ready || run.delayed || run.ready_at > now) continue;
    const QueueSpec rules = rules_of(run.queue);
    const std::string& key = run.concurrency_key;
    const bool queue_full = rules.paused || (rules.limit && queues[run.queue] >= *rules.limit);
    const bool key_full =
        !key.empty() && (keys[key] >= rules.key_limit || may_be_used_up(rules.key_rate, run.queue, key, now));
    if (queue_full || key_full || may_be_used_up(rules.rate, run.queue, "", now)) continue;
    complain("a run may start at once and waits", store_test::text(run));
  }
}

}  // namespace taskcore::sim
