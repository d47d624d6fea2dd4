// Reading a schedule's text. Each family of forms has its own file, which is given the words after its name.
#pragma once

#include <string>
#include <string_view>

#include "schedule/instants.hpp"
#include "schedule/words.hpp"
#include "taskcore/schedule.hpp"

namespace taskcore::schedule {

/// What a text says, and how it is to be written down: as it was, or with "in 10 minutes" turned into "at ...Z".
struct Reading {
  Instants instants{};
  std::string text{};
};

/// Reads the whole text and the context's time zone. Errors: `invalid`, pointing at "/schedule", "/timezone" or both.
Result<Reading> read(std::string_view text, const ScheduleContext& context);

/// A form's own part of the work. An empty `Reading::text` means "as written".
struct Request {
  Words rest;
  const ScheduleContext& context;
  const TimeZone& zone;
};
Result<Reading> read_every(const Request& request);     ///< "5 minutes", "5m", "minute"
Result<Reading> read_daily(const Request& request);     ///< "at 9:00, 13:00 and 17:30"
Result<Reading> read_weekly(const Request& request);    ///< "on monday, friday at 9:00"
Result<Reading> read_monthly(const Request& request);   ///< "on 1, 15, last at 9:00"
Result<Reading> read_weekdays(const Request& request);  ///< "at 8:30"
Result<Reading> read_weekends(const Request& request);  ///< "at 8:30"
Result<Reading> read_at(const Request& request);        ///< "2027-01-31T09:00:00Z"
Result<Reading> read_in(const Request& request);        ///< "10 minutes"
Result<Reading> read_now(const Request& request);       ///< Nothing.

/// Cron is told by its first character, or by a star, and counts characters of the text as it was given.
bool looks_like_cron(std::string_view text);
Result<Reading> read_cron(std::string_view text, const TimeZone& zone);

}  // namespace taskcore::schedule
