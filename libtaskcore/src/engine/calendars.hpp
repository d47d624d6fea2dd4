// What users do to calendars, inside the store's transaction.
#pragma once

#include <string>

#include "engine/ledger.hpp"

namespace taskcore {

/// Makes the calendar or takes the place of the one of that name. Precondition: the spec has been checked. The tasks
/// that name it are due anew from now on; what was due until now is due as the old one said.
Result<Calendar> put_calendar(Ledger& ledger, const CalendarSpec& spec);

/// Errors: `not_found`; `has_dependents`, while tasks name it.
Result<void> remove_calendar(Ledger& ledger, const std::string& name);

}  // namespace taskcore
