// The three fields of a cron expression that choose days, with Quartz's words for the last, the nearest and the nth.
#pragma once

#include <string_view>

#include "schedule/cron_field.hpp"
#include "schedule/days.hpp"

namespace taskcore::schedule {

/// Errors: `invalid` also where the fields together leave no day at all.
Result<Days> read_cron_days(std::string_view dates, std::string_view months, std::string_view weekdays,
                            const CronText& text);

}  // namespace taskcore::schedule
