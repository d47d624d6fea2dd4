#include "engine/admission.hpp"

#include <algorithm>

namespace taskcore {
namespace {

int free_slots(Ledger& ledger, const std::string& queue, const QueueSpec& rules) {
  return rules.paused ? 0 : ledger.slots().free(queue, rules.limit);
}

bool key_is_full(Ledger& ledger, const QueueSpec& rules, const std::string& key) {
  return !key.empty() && ledger.running_with_key(key) >= rules.key_limit;
}

}  // namespace

Admission::Admission(Ledger& ledger, const std::string& queue)
    : ledger_(ledger), queue_(queue), rules_(ledger.rules(queue)) {
  if (rules_.rate) rate_ = window(*rules_.rate, {});
}

RateWindow Admission::window(const Rate& rate, const std::string& key) {
  const auto row = check(ledger_.store().find_rate(queue_, key));
  return RateWindow(rate, row ? row->starts : std::string(), ledger_.now());
}

void Admission::keep(const std::string& key, const RateWindow& window) {
  check(ledger_.store().put_rate({queue_, key, window.text(), window.expires_at()}));
}

int Admission::room() const {
  const int free = free_slots(ledger_, queue_, rules_);
  return rate_ ? std::min(free, rate_->room()) : free;
}

bool Admission::admits(const RunRow& run) {
  const std::string& key = run.concurrency_key;
  if (key_is_full(ledger_, rules_, key)) {
    ledger_.backlog().wait_for_key(key, queue_);
    return false;
  }
  if (key.empty() || !rules_.key_rate) return true;
  const RateWindow seen = window(*rules_.key_rate, key);
  if (seen.room() > 0) return true;
  ledger_.backlog().wait_until(queue_, seen.free_at());
  return false;
}

void Admission::count(const RunRow& run) {
  if (rate_) rate_->take();
  counted_ = true;
  if (run.concurrency_key.empty() || !rules_.key_rate) return;
  RateWindow seen = window(*rules_.key_rate, run.concurrency_key);
  seen.take();
  keep(run.concurrency_key, seen);
}

void Admission::finish() {
  if (!rate_) return;
  if (counted_) keep({}, *rate_);
  if (rate_->room() == 0) ledger_.backlog().wait_until(queue_, rate_->free_at());
}

bool may_start_at_once(Ledger& ledger, const RunRow& run) {
  if (!ledger.claiming() || ledger.backlog().contains(run.queue)) return false;
  const Slots& slots = ledger.slots();
  if (slots.suspect() != 0 && slots.used() == 0) return false;  // an empty node is what it waits for
  const QueueSpec& rules = ledger.rules(run.queue);
  if (rules.rate || (rules.key_rate && !run.concurrency_key.empty())) return false;  // for the claim to count
  return free_slots(ledger, run.queue, rules) > 0 && !key_is_full(ledger, rules, run.concurrency_key);
}

}  // namespace taskcore
