// Schedules in plain words. They are made from what was read, not from the text, so they say what will happen.
#pragma once

#include <string>

#include "schedule/instants.hpp"

namespace taskcore::schedule {

std::string describe(const Never& never);
std::string describe(const Once& once);
std::string describe(const Grid& grid);
std::string describe(const OpenGrid& open);
std::string describe(const WallClock& clock);
std::string describe(const AfterDependencies& after);

/// "every day", "on Monday to Friday", "on day 1 and the last day of the month in May".
std::string describe(const Days& days);

}  // namespace taskcore::schedule
