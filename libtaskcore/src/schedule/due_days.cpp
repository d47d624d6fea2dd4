// See due_days.hpp.
#include "schedule/due_days.hpp"

#include <algorithm>

namespace taskcore::schedule {

namespace {

using std::chrono::days;
using std::chrono::local_days;

std::optional<local_days> first_open(const DueDays& due, local_days from) {
  auto day = due.pattern.first_from(from);
  for (const local_days end = search_end(due.closed, from); day && *day <= end;) {
    const local_days open = due.closed.open_from(*day);
    if (open == *day) return day;
    day = due.pattern.first_from(open);
  }
  return std::nullopt;
}

/// A day of the pattern leads to the first open day from it on. So what leads to `from` or later lies after the last
/// open day before it.
std::optional<local_days> first_moved(const DueDays& due, local_days from) {
  const auto day = due.pattern.first_from(due.closed.open_until(from - days{1}) + days{1});
  if (!day) return std::nullopt;
  return due.closed.open_from(std::max(*day, from));
}

}  // namespace

local_days search_end(const ClosedDays& closed, local_days from) {
  return std::max(from, closed.last_dated()) + days{41 * 366};
}

std::optional<local_days> DueDays::first_from(local_days day) const {
  if (closed.none()) return pattern.first_from(day);
  return on_closed == OnClosedDay::skip ? first_open(*this, day) : first_moved(*this, day);
}

std::size_t DueDays::count(local_days from, local_days to) const {
  if (closed.none()) return pattern.count(from, to);
  std::size_t out = 0;
  for (auto day = first_from(from); day && *day < to; day = first_from(*day + days{1})) ++out;
  return out;
}

std::optional<local_days> DueDays::closed_from(local_days day) const {
  const local_days end = search_end(closed, day);
  auto next = closed.closed_from(day);
  while (next && *next <= end) {
    const auto due = pattern.first_from(*next);
    if (!due || closed.closes(*due)) return due;
    next = closed.closed_from(*due);
  }
  return std::nullopt;
}

}  // namespace taskcore::schedule
