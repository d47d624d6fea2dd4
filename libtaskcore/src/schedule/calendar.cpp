// How a calendar bears on a schedule, and what it took away, in words.
#include <algorithm>

#include "schedule/instants.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::seconds;
using Explained = Schedule::Explained;
using Reason = Schedule::Reason;

constexpr Duration kTick{1};

struct Bearing {
  const TimeZone& zone;
  const ClosedDays& closed;
  OnClosedDay rule;

  Result<Instants> operator()(Never never) const { return Instants(never); }

  Result<Instants> operator()(Once once) const {
    const LocalTime reading = zone.local(once.instant);
    const local_days day = std::chrono::floor<days>(reading);
    once.closed = closed.closes(day);
    if (once.closed && rule == OnClosedDay::next_working_day) {
      const Duration below = once.instant - std::chrono::floor<seconds>(once.instant);
      once = {zone.first_instant(closed.open_from(day) + (reading - day)) + below};
    }
    return Instants(once);
  }

  Result<Instants> operator()(Grid grid) const {
    if (rule == OnClosedDay::skip) return Instants(OpenGrid{grid, zone, closed});
    return invalid("/onClosedDay",
                   "\"next_working_day\" needs a schedule with times of day, such as \"daily at 9:00\"; instants of "
                   "\"every …\" can only be skipped");
  }

  Result<Instants> operator()(AfterDependencies) const {
    if (rule == OnClosedDay::skip) return Instants(AfterDependencies{zone, closed});
    return invalid("/onClosedDay", "must be \"skip\" after dependencies: there is no time of day to keep");
  }

  Result<Instants> operator()(OpenGrid grid) const { return (*this)(grid.grid); }

  Result<Instants> operator()(WallClock clock) const {
    clock.days.closed = closed;
    clock.days.on_closed = rule;
    return Instants(std::move(clock));
  }
};

// "2026-12-25".
std::string date_text(local_days day) { return format_time(TimePoint{day.time_since_epoch()}).substr(0, 10); }

std::string times_text(std::size_t count) {
  return count == 1 ? std::string("1 instant") : std::to_string(count) + " instants";
}

struct Account {
  TimePoint after;
  TimePoint until;
  std::size_t limit;
  std::vector<Explained> lines{};

  void add(TimePoint at, Reason reason, local_days day, const std::string& what) {
    lines.push_back({at, false, reason, date_text(day) + " is a closed day: " + what});
  }

  void operator()(const Never&) {}
  void operator()(const AfterDependencies&) {}

  void operator()(const Once& once) {
    if (!once.closed || once.instant <= after || once.instant > until) return;
    lines.push_back(
        {once.instant, false, Reason::closed_day, format_time(once.instant) + " is on a closed day: not due"});
  }

  void operator()(const Grid&) {}

  void operator()(const OpenGrid& open) {
    for (auto day = open.closed.closed_from(open.day_of(after)); day && lines.size() < limit;
         day = open.closed.closed_from(*day + days{1})) {
      const TimePoint begin = std::max(after, open.begin_of(*day) - kTick);
      if (begin >= until) return;
      const auto lost = open.grid.elapsed(begin, std::min(until, open.begin_of(*day + days{1}) - kTick));
      if (lost.count > 0) add(*lost.oldest, Reason::closed_day, *day, times_text(lost.count) + " not due");
    }
  }

  void operator()(const WallClock& clock) {
    const ClosedDays& closed = clock.days.closed;
    const bool moved = clock.days.on_closed == OnClosedDay::next_working_day;
    const LocalTime from = clock.zone.local(after) + seconds{1};
    const local_days today = std::chrono::floor<days>(from);
    const local_days first = moved ? closed.open_until(today - days{1}) + days{1} : today;
    for (auto day = clock.days.closed_from(first); day && lines.size() < limit;
         day = clock.days.closed_from(*day + days{1})) {
      const local_days due = moved ? closed.open_from(*day) : *day;
      const auto time = clock.times.first_from(due == today ? from - due : seconds{0});
      if (!time) continue;
      const TimePoint at = clock.zone.first_instant(due + *time);
      if (at > until) return;
      const std::size_t count = clock.times.count() - clock.times.count_before(*time);
      const std::string what = times_text(count) + (moved ? " moved to " + date_text(due) : " not due");
      add(at, moved ? Reason::moved : Reason::closed_day, *day, what);
    }
  }
};

}  // namespace

Result<Instants> under_calendar(Instants instants, const TimeZone& zone, const ClosedDays& closed, OnClosedDay rule) {
  return std::visit(Bearing{zone, closed, rule}, std::move(instants));
}

std::vector<Explained> explain_closed(const Instants& instants, TimePoint after, TimePoint until, std::size_t limit) {
  Account account{after, until, limit};
  std::visit(account, instants);
  return std::move(account.lines);
}

}  // namespace taskcore::schedule
