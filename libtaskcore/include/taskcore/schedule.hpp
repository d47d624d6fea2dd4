// A schedule: when a task is due. Text in, instants out; pure, so equal arguments give equal answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/calendar.hpp"
#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// What a schedule is reckoned from, apart from its own text.
struct ScheduleContext {
  std::string timezone = "UTC";         ///< IANA name for wall-clock times; checked whatever the schedule.
  TimePoint set_at{};                   ///< When the schedule was set: what `in`, `now` and `every` count from.
  std::optional<TimePoint> start_at{};  ///< The first instant of an `every` grid, and the earliest of any schedule.
  std::optional<TimePoint> end_at{};    ///< No instant after this one; it may be one itself.
  ClosedDays closed_days{};             ///< Days without instants, in `timezone` or in the zone that the text names.
  OnClosedDay on_closed_day = OnClosedDay::skip;
};

/// A parsed schedule. A value: cheap to copy, immutable, usable from any thread. Its instants lie in the years
/// 1970 to 9999.
class Schedule {
 public:
  enum class Kind {
    manual,              ///< Never due by itself.
    every,               ///< A grid of elapsed time.
    wall,                ///< Wall-clock times in a time zone.
    once,                ///< One instant.
    after_dependencies,  ///< When its dependencies have run.
  };

  /// Reads `text`, up to 1000 characters. Case and runs of blanks do not matter. The forms:
  /// - "manual", or nothing: never due by itself.
  /// - "every 5 minutes", "every 5m", "every hour" (seconds, minutes, hours, days, weeks; from 1 second to 100 years):
  ///   the grid anchor + k × N. The anchor is `start_at`, which is then the first instant, or else `set_at`, and then
  ///   the first is `set_at` + N. A day is 24 hours here, whatever the clocks do.
  /// - "daily at 9:00", "daily at 9:00, 13:00 and 17:30", "daily at 23:59:59", "weekly on monday, fri at 9:00",
  ///   "monthly on 1, 15, last at 9:00", "weekdays at 8:30", "weekends at 10:00": wall-clock times in `timezone`. One
  ///   that a day skips is due when the gap ends (equal instants are one), one that comes twice the first time.
  /// - cron: "30 9 * * MON-FRI", or with seconds first "0 30 9 * * *"; lists, ranges, steps ("*/5", "1-30/2", "5/15"),
  ///   names, "?" for "*", "L", "L-3", "15W", "LW" as day, "5L", "FRIL", "MON#1" as weekday; "@hourly" to "@yearly";
  ///   "TZ=Europe/Berlin " or "CRON_TZ=" before it is its zone. Sunday is 0 and 7. Where both day fields are restricted
  ///   either is enough; one that begins with "*" is not restricted. A fixed hour is treated as in "daily at"; an hour
  ///   field with "*" or a step is due whenever the wall shows such a time, and only then.
  /// - "at 2027-01-31T09:00:00Z": that instant, even when it is over (see parse_time for what is read).
  /// - "in 10 minutes", "now": that long after `set_at`, and `set_at` itself.
  /// - "after dependencies": whenever those have run anew, as the task's trigger rule asks. It has no instants.
  /// Errors: `invalid` with pointer "/schedule", "/timezone" or one field error of each, saying what would be right;
  /// for cron also at which character of `text`. What could never be due, such as "0 0 31 2 *", is refused. Also
  /// "/onClosedDay": what is due "every …" has no time of day to keep on another day.
  static Result<Schedule> parse(std::string_view text, const ScheduleContext& context = {});

  Schedule();  ///< The manual schedule.

  Kind kind() const noexcept;

  /// The text with what hangs on the moment of setting resolved: "in 10 minutes" and "now" become "at …Z"; else as
  /// written, trimmed.
  const std::string& text() const noexcept;

  /// Where a schedule that was just set begins: at its instant for Kind::once, even when that is over; else at the
  /// first instant that is not before `set_at`. None if there is none.
  std::optional<TimePoint> first() const;

  /// The first instant strictly after `after`; none if there is no more. What is due at `set_at` itself, such as "now",
  /// is not after it: see first().
  std::optional<TimePoint> next(TimePoint after) const;

  /// Up to `count` instants strictly after `after`, in order.
  std::vector<TimePoint> next(TimePoint after, std::size_t count) const;

  /// The instants in (after, at]: how many, the oldest and the newest; zero and none when there is none. Costs one
  /// division for an `every` schedule, however long the outage; wall-clock instants are walked, some millions a second.
  struct Elapsed {
    std::size_t count = 0;
    std::optional<TimePoint> oldest{};
    std::optional<TimePoint> newest{};
  };
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  /// Whether what happens at `at` may make a run of an `after_dependencies` schedule: within `start_at` and `end_at`,
  /// on an open day.
  bool admits(TimePoint at) const;

  /// Why an instant is where it is.
  enum class Reason {
    as_written,    ///< The wall shows the reading then, and only then; or the instant hangs on no wall clock.
    after_gap,     ///< The clock skips the reading, so it is due when the gap ends.
    merged,        ///< Not due by itself: another reading is due at the same instant.
    in_gap,        ///< Not due: the clock skips the reading.
    first_of_two,  ///< The reading comes twice and is due the first time only.
    each_of_two,   ///< The reading comes twice and is due both times; this is one of them.
    closed_day,    ///< Not due: the calendar closes the day.
    moved,         ///< Not due then: the calendar closes the day, so it is due on the next that is open.
  };

  /// An instant, or a reading of the wall clock that is none.
  struct Explained {
    TimePoint at;
    bool due = true;
    Reason reason = Reason::as_written;
    std::string text{};  ///< One line for people, such as "2026-03-29 02:30 is skipped in Europe/Berlin: due at 03:00".
  };

  /// What becomes of each reading that leads to (after, until]: all instants, and between them what clock changes and
  /// the calendar took away, the latter a line for each closed day. In order; up to `limit`.
  std::vector<Explained> explain(TimePoint after, TimePoint until, std::size_t limit = 100) const;

  /// The schedule in plain words, such as "at 09:00 on the last day of the month, Europe/Berlin".
  std::string describe() const;

  struct Rule;  ///< Private to the library.

 private:
  explicit Schedule(std::shared_ptr<const Rule> rule) : rule_(std::move(rule)) {}
  std::shared_ptr<const Rule> rule_;
};

std::string_view to_string(Schedule::Reason value) noexcept;

}  // namespace taskcore
