#include "engine/backfill.hpp"

#include <algorithm>
#include <iterator>

#include "engine/materialise.hpp"
#include "engine/place.hpp"
#include "engine/quota.hpp"
#include "engine/tasks.hpp"
#include "model/ids.hpp"
#include "model/rules.hpp"

namespace taskcore {
namespace {

using Instants = std::vector<TimePoint>;

constexpr std::size_t kMaxInstants = 1000;
/// How far instants are counted for the refusal of too many: the others wait for the store's thread meanwhile.
constexpr std::size_t kMaxCounted = 10'000;

Result<void> check_range(const BackfillRequest& request, TimePoint now) {
  Faults faults;
  Rules rules(faults);
  rules.instant("/from", request.from);
  rules.instant("/to", request.to);
  if (request.from > request.to) rules.fault("/from", "must not be after to");
  if (request.to > now) rules.fault("/to", "must not lie in the future");
  return faults.take();
}

Result<Instants> instants_in(const Schedule& schedule, const BackfillRequest& request) {
  switch (schedule.kind()) {
    case Schedule::Kind::manual:
      return invalid("/schedule", "has no instants to make up for; execute the task instead");
    case Schedule::Kind::after_dependencies:
      return invalid("/schedule", "has no instants to make up for; its dependencies say when it runs");
    case Schedule::Kind::once:
      return invalid("/schedule", "has one instant only, which is not made up for; execute the task instead");
    case Schedule::Kind::every:
    case Schedule::Kind::wall:
      break;
  }
  Instants out;
  for (auto due = schedule.next(request.from - Duration(1)); due && *due <= request.to && out.size() <= kMaxCounted;
       due = schedule.next(*due)) {
    out.push_back(*due);
  }
  if (out.size() <= kMaxInstants) return out;
  const std::string count = out.size() > kMaxCounted ? "more than 10,000" : std::to_string(out.size());
  return invalid("/from", "is followed by " + count +
                              " instants up to \"to\"; at most 1,000 are made up for at once, " +
                              "so narrow the range");
}

/// Stores the run for one instant, behind those before it. It is ready at once, as one that a user asks for.
void make_run(Ledger& ledger, Entry& entry, TimePoint instant, Backfill& out) {
  RunRow run = new_run(ledger, entry, instant);
  run.ready_at = ledger.now();
  run.trigger = Trigger::backfill;
  run.scheduled_for = instant;
  const bool held = entry.definition->spec().overlap != Overlap::allow && entry.row.state.live > 0;
  if (const auto placed = place_run(ledger, entry, std::move(run), held)) {
    out.runs.push_back({run_id(placed->id), instant});
  }
}

}  // namespace

Result<Backfill> backfill_task(Ledger& ledger, const std::string& id, const BackfillRequest& request,
                               const TaskGuard& guard) {
  auto found = find_guarded(ledger, id, guard);
  if (!found) return found.error();
  Entry& entry = **found;
  if (auto fine = check_range(request, ledger.now()); !fine) return fine.error();
  const auto instants = instants_in(entry.definition->schedule, request);
  if (!instants) return instants.error();

  // What is due at this very moment is the schedule's to run, with what it says of overlap and the like.
  const auto& next_due = entry.row.state.next_due;
  const bool is_due = ledger.claiming() && !entry.row.paused && next_due && *next_due <= ledger.now();
  if (is_due && !request.dry_run) make_due_runs(ledger, entry);

  const Instants taken = check(ledger.store().taken_instants(entry.row.key, request.from, request.to));
  Instants missing;
  std::set_difference(instants->begin(), instants->end(), taken.begin(), taken.end(), std::back_inserter(missing));
  if (!missing.empty() && is_full(entry, static_cast<std::int64_t>(missing.size()) - 1)) return too_many_waiting(entry);
  Addition addition(ledger);
  addition.runs(entry, missing.size());
  if (auto within = addition.fits(); !within) return within.error();

  Backfill out;
  out.existing = instants->size() - missing.size();
  for (const TimePoint instant : missing) {
    request.dry_run ? out.runs.push_back({"", instant}) : make_run(ledger, entry, instant, out);
  }
  return out;
}

}  // namespace taskcore
