// A calendar from a file, for `taskd next`.
#pragma once

#include <string>

#include "taskcore/calendar.hpp"
#include "taskcore/result.hpp"

namespace taskd {

/// Reads a file that holds what PUT /api/calendars/:name takes, or an iCalendar text. Errors say what is wrong with it.
taskcore::Result<taskcore::ClosedDays> read_calendar_file(const std::string& file);

}  // namespace taskd
