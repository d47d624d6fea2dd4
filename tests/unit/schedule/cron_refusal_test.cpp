// Cron expressions that are refused: at which character, and what the user is told.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

TEST_CASE("a wrong cron expression is refused at the character where it is wrong", "[schedule]") {
  struct Case {
    const char* text;
    const char* place;
    const char* hint;
  };
  const auto& [text, place, hint] = GENERATE(values<Case>({
      {"60 * * * *", "at character 1, \"60\"", "0 to 59"},
      {"* 24 * * *", "at character 3, \"24\"", "0 to 23"},
      {"* * 0 * *", "at character 5, \"0\"", "1 to 31"},
      {"* * 32 * *", "at character 5, \"32\"", "1 to 31"},
      {"* * * 13 *", "at character 7, \"13\"", "JAN to DEC"},
      {"* * * 0 *", "at character 7, \"0\"", "1 to 12"},
      {"* * * JANUAR *", "at character 7, \"JANUAR\"", "JAN to DEC"},
      {"* * * * 8", "at character 9, \"8\"", "0 and 7 are Sunday"},
      {"* * * * MO", "at character 9, \"MO\"", "SUN to SAT"},
      {"60 * * * * *", "at character 1, \"60\"", "a second"},
      {"  *  61 * * *", "at character 6, \"61\"", "0 to 23"},
      {"*,99 * * * *", "at character 3, \"99\"", "0 to 59"},
      {"1, * * * *", "at character 3, \"\"", "0 to 59"},
      {"-5 * * * *", "at character 1, \"\"", "0 to 59"},
      {"*/0 * * * *", "at character 3, \"0\"", "1 to 60"},
      {"*/61 * * * *", "at character 3, \"61\"", "1 to 60"},
      {"*/ * * * *", "at character 3, \"\"", "step"},
      {"*/x * * * *", "at character 3, \"x\"", "step"},
      {"*-5 * * * *", "at character 1, \"*\"", "0 to 59"},
      {"1-2-3 * * * *", "at character 3, \"2-3\"", "0 to 59"},
      {"5-1 * * * *", "at character 1, \"5-1\"", "58-59,0-1"},
      {"* * * DEC-JAN *", "at character 7, \"DEC-JAN\"", "falls"},
      {"* * * * FRI-MON", "at character 9, \"FRI-MON\"", "FRI-SUN,MON"},
      {"* * * * 5-0", "at character 9, \"5-0\"", "0 and 7 are Sunday"},
      {"* * * * L", "at character 9, \"L\"", "FRIL"},
      {"* * * * MON#6", "at character 9, \"MON#6\"", "MON#1 to MON#5"},
      {"* * * * MON#0", "at character 9, \"MON#0\"", "MON#1 to MON#5"},
      {"* * * * MON#", "at character 9, \"MON#\"", "MON#1 to MON#5"},
      {"* * L-31 * *", "at character 5, \"L-31\"", "L-1 to L-30"},
      {"* * 32W * *", "at character 5, \"32W\"", "1W to 31W"},
      {"* * W * *", "at character 5, \"W\"", "1W to 31W"},
      {"1 2 3 4", "at character 1, \"1 2 3 4\"", "not 4"},
      {"0 0 0 1 1 * 2027", "at character 1", "not 7"},
      {"5 minutes", "at character 1, \"5 minutes\"", "\"every 5 minutes\""},
      {"99999999999999999999 * * * *", "at character 1", "0 to 59"},
      {"0 0 31 2 *", "at character 5, \"31\"", "never due"},
      {"0 0 30 2 ?", "at character 5, \"30\"", "never due"},
      {"0 0 31 4,6 *", "at character 5, \"31\"", "never due"},
      {"0 0 L-29 2 *", "at character 5, \"L-29\"", "never due"},
      {"0 0 31W 9 *", "at character 5, \"31W\"", "never due"},
      {"0 0 */40 * *", "at character 7, \"40\"", "1 to 31"},
      {"0 0 1 2 *#5", "at character 9, \"*\"", "0 to 7"},
      {"@reboot", "at character 1, \"@reboot\"", "no instant"},
      {"@every 5m", "at character 1, \"@every 5m\"", "every 5 minutes"},
      {"@fortnightly", "at character 1, \"@fortnightly\"", "@weekly"},
      {"TZ=Mars/Olympus 0 9 * * *", "at character 4, \"Mars/Olympus\"", "IANA name"},
      {"TZ=UTC 0 99 * * *", "at character 10, \"99\"", "0 to 23"},
      {"TZ=UTC", "at character 1, \"TZ=UTC\"", "5 fields"},
      {"TZ= 0 9 * * *", "at character 1, \"TZ=\"", "a second"},
  }));
  INFO(text);
  const auto schedule = Schedule::parse(text);
  REQUIRE_FALSE(schedule.has_value());
  const auto& error = schedule.error();
  CHECK(error.code == Errc::invalid);
  REQUIRE(error.fields.size() == 1);
  CHECK(error.fields[0].pointer == "/schedule");
  INFO(error.detail);
  CHECK(error.detail.find(place) != std::string::npos);
  CHECK(error.detail.find(hint) != std::string::npos);
}

}  // namespace taskcore::testing
