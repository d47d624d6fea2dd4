// The days on which a wall-clock schedule is due: those of its pattern, as a calendar leaves or moves them.
#pragma once

#include "schedule/days.hpp"
#include "taskcore/calendar.hpp"

namespace taskcore::schedule {

/// Where a search for an open day that began at `from` may end. What is closed every year or week: when a pattern meets
/// an open day at all, it does so within 40 years, the longest that one weekday is away from 29 February.
std::chrono::local_days search_end(const ClosedDays& closed, std::chrono::local_days from);

struct DueDays {
  Days pattern;
  ClosedDays closed{};
  OnClosedDay on_closed = OnClosedDay::skip;

  /// The first day that is `day` or later.
  std::optional<std::chrono::local_days> first_from(std::chrono::local_days day) const;

  /// How many there are in [from, to).
  std::size_t count(std::chrono::local_days from, std::chrono::local_days to) const;

  /// The first day of the pattern that is `day` or later and closed; none when it is far away.
  std::optional<std::chrono::local_days> closed_from(std::chrono::local_days day) const;
};

}  // namespace taskcore::schedule
