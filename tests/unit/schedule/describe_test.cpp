// Schedules in plain words.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

TEST_CASE("a schedule is described by what it means", "[schedule]") {
  struct Case {
    const char* text;
    const char* words;
  };
  const auto& [text, words] = GENERATE(values<Case>({
      {"manual", "only when asked"},
      {"every 5 minutes", "every 5 minutes from 1970-01-01T00:05:00.000Z"},
      {"every 90 s", "every 90 seconds from 1970-01-01T00:01:30.000Z"},
      {"every day", "every day from 1970-01-02T00:00:00.000Z"},
      {"at 2027-01-31T09:00:00Z", "once, at 2027-01-31T09:00:00.000Z"},
      {"daily at 9:00", "at 09:00 every day, UTC"},
      {"daily at 9:00:30 and 17:30", "at 09:00:30 and 17:30 every day, UTC"},
      {"weekdays at 8:30", "at 08:30 on Monday to Friday, UTC"},
      {"weekends at 8:30", "at 08:30 on Saturday and Sunday, UTC"},
      {"monthly on 1, 15, last at 9:00", "at 09:00 on day 1 and 15 and the last day of the month, UTC"},
      {"TZ=Europe/Berlin 0 9 L * *", "at 09:00 on the last day of the month, Europe/Berlin"},
      {"0,15,30,45 * * * MON-FRI", "at minute 0, 15, 30 and 45 of every hour, on Monday to Friday, UTC"},
      {"* * * * *", "at every minute, UTC"},
      {"* * * * * *", "at every second of every minute, UTC"},
      {"*/5 9-17 * * *", "at every 5th minute from 0 to 55 of hour 9 to 17, UTC"},
      {"0 12 13 * FRI", "at 12:00 on day 13 of the month or on Friday, UTC"},
      {"0 12 */2 * FRI", "at 12:00 on every 2nd day from 1 to 31 of the month, if it is Friday, UTC"},
      {"0 12 L-3,15W,LW 1,2,7 *",
       "at 12:00 on the day 3 days before the last, the Monday to Friday nearest to day 15 and the last Monday to "
       "Friday of the month in January, February and July, UTC"},
      {"0 12 * * MON#1,5L", "at 12:00 on the first Monday and the last Friday of the month, UTC"},
      {"0 12 * */2 *", "at 12:00 every day in every 2nd month from January to November, UTC"},
  }));
  INFO(text);
  CHECK(read(text).describe() == words);
}

}  // namespace taskcore::testing
