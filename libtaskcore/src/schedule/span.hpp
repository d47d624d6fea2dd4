// A length of time as people write it: "5 minutes", "30s", "1 week".
#pragma once

#include <string>

#include "schedule/words.hpp"
#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore::schedule {

/// Reads a whole number and a unit, together or apart; from 1 second to 100 years. Errors: `invalid` with pointer
/// "/schedule".
Result<Duration> read_span(Words words);

/// The length of one unit ("minute", "minutes", "min", "m"); zero when the word is no unit.
Duration unit_length(std::string_view word);

}  // namespace taskcore::schedule
