#include "engine/calendars.hpp"

#include <algorithm>

#include "engine/due.hpp"
#include "engine/materialise.hpp"
#include "engine/skips.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMaxCalendars = 1000;
constexpr std::size_t kTasksAtOnce = 500;
constexpr std::size_t kNamed = 10;

/// Calls `f` with each task that names the calendar.
template <class F>
void for_each_task(Ledger& ledger, std::string_view calendar, F f) {
  TaskKey after = 0;
  for (;;) {
    const auto keys = check(ledger.store().tasks_of_calendar(calendar, after, kTasksAtOnce));
    for (const TaskKey key : keys) f(*ledger.get(key));
    if (keys.size() < kTasksAtOnce) return;
    after = keys.back();
  }
}

std::optional<TimePoint> next_due(const Ledger& ledger, const Entry& entry) {
  const Schedule& schedule = entry.definition->schedule;
  const TaskState& state = entry.row.state;
  if (schedule.kind() == Schedule::Kind::once) return schedule.first();
  // What was missed, and is not made up for yet, is missed still where its day is open.
  return schedule.next(state.next_due ? std::min(*state.next_due - Duration(1), ledger.now()) : ledger.now());
}

void come_due_anew(Ledger& ledger, Entry& entry) {
  ledger.read_anew(entry);
  TaskState& state = entry.row.state;
  const bool once = entry.definition->schedule.kind() == Schedule::Kind::once;
  const bool over = !state.next_due && (once || runs_left(entry.definition->spec(), state.schedule_runs) == 0);
  const auto next = over ? std::nullopt : next_due(ledger, entry);
  if (next == state.next_due) return;
  if (once && !next) record_skip(ledger, entry, {SkipReason::calendar, 1, *state.next_due, *state.next_due});
  state.next_due = next;
  ledger.touch(entry);
  if (!entry.row.paused) ledger.note_due(next);
  ledger.upstream_moved(entry);
  ledger.emit(Event::Type::task_updated, entry);
}

}  // namespace

Result<Calendar> put_calendar(Ledger& ledger, const CalendarSpec& spec) {
  Store& store = ledger.store();
  CalendarRow row{spec.name, encode_calendar(spec), ledger.now()};
  const auto before = check(store.find_calendar(spec.name));
  if (before && before->spec == row.spec) return decode_calendar(*before);
  if (!before && check(store.calendars("", kMaxCalendars)).size() == kMaxCalendars) {
    return invalid("/name", "there are 1,000 calendars already; remove one first");
  }
  if (before) row.updated_at = std::max(row.updated_at, before->updated_at);
  for_each_task(ledger, spec.name, [&](Entry& entry) {
    const auto& due = entry.row.state.next_due;
    if (ledger.claiming() && !entry.row.paused && due && *due <= ledger.now()) make_due_runs(ledger, entry);
  });
  check(store.put_calendar(row));
  ledger.forget_calendar(spec.name);
  for_each_task(ledger, spec.name, [&](Entry& entry) { come_due_anew(ledger, entry); });
  return Calendar{spec, row.updated_at};
}

Result<void> remove_calendar(Ledger& ledger, const std::string& name) {
  Store& store = ledger.store();
  if (!check(store.find_calendar(name))) return no_such_calendar(name);
  const auto keys = check(store.tasks_of_calendar(name, 0, kNamed + 1));
  if (!keys.empty()) {
    std::string names;
    for (std::size_t i = 0; i < std::min(keys.size(), kNamed); ++i) {
      names += (names.empty() ? "'" : ", '") + ledger.get(keys[i])->row.id + "'";
    }
    if (keys.size() > kNamed) names += " and others";
    return fail(Errc::has_dependents,
                "tasks name the calendar '" + name + "': " + names + "; take it from these first");
  }
  check(store.remove_calendar(name));
  ledger.forget_calendar(name);
  return {};
}

}  // namespace taskcore
