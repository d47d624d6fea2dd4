// Lists of times of day: "9:00, 13:00 and 17:30".
#pragma once

#include "schedule/times_of_day.hpp"
#include "schedule/words.hpp"
#include "taskcore/result.hpp"

namespace taskcore::schedule {

/// Reads all the words. Errors: `invalid` with pointer "/schedule".
Result<ListedTimes> read_times(Words words);

/// Steps over ",", "and" or ", and"; false when there is none of them.
bool skip_separator(Words& words);

}  // namespace taskcore::schedule
