// Cron expressions: which instants they mean. Errors are in cron_refusal_test.cpp, clock changes in changes_test.cpp.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

// The next instants after the beginning of 2027 (a Friday), each as "01-31 09:00".
std::string due(std::string_view text, std::size_t count, std::string_view after = "2026-12-31T23:59:59Z") {
  std::string out;
  for (const TimePoint instant : read(text).next(at(after), count)) {
    std::string shown = format_time(instant).substr(5, 14);
    shown[5] = ' ';
    if (shown.ends_with(":00")) shown.resize(11);
    out += (out.empty() ? "" : ", ") + shown;
  }
  return out;
}

}  // namespace

TEST_CASE("cron fields are read as lists, ranges, steps and names", "[schedule]") {
  struct Case {
    const char* text;
    const char* due;
  };
  const auto& [text, expected] = GENERATE(values<Case>({
      {"* * * * *", "01-01 00:00, 01-01 00:01, 01-01 00:02"},
      {"*/20 * * * *", "01-01 00:00, 01-01 00:20, 01-01 00:40"},
      {"5/25 * * * *", "01-01 00:05, 01-01 00:30, 01-01 00:55"},
      {"1-30/14 * * * *", "01-01 00:01, 01-01 00:15, 01-01 00:29"},
      {"7,3,3,5 9 * * *", "01-01 09:03, 01-01 09:05, 01-01 09:07"},
      {"*/60 * * * *", "01-01 00:00, 01-01 01:00, 01-01 02:00"},
      {"30 9-17/4 * * *", "01-01 09:30, 01-01 13:30, 01-01 17:30"},
      {"0 0 1 JAN,mar,Dec *", "01-01 00:00, 03-01 00:00, 12-01 00:00"},
      {"0 0 1 jun-Aug ?", "06-01 00:00, 07-01 00:00, 08-01 00:00"},
      {"0 0 ? * MON-WED", "01-04 00:00, 01-05 00:00, 01-06 00:00"},
      {"0 0 * * 0", "01-03 00:00, 01-10 00:00, 01-17 00:00"},
      {"0 0 * * 7", "01-03 00:00, 01-10 00:00, 01-17 00:00"},
      {"0 0 * * FRI-SUN", "01-01 00:00, 01-02 00:00, 01-03 00:00"},
      {"0 0 * * 7/2", "01-03 00:00, 01-10 00:00, 01-17 00:00"},
      {"0 0 * * 5-7", "01-01 00:00, 01-02 00:00, 01-03 00:00"},
      {"0 0 * * SUN-TUE", "01-03 00:00, 01-04 00:00, 01-05 00:00"},
      {"0 0 * * 5/1", "01-01 00:00, 01-02 00:00, 01-08 00:00"},
      {"15 30 9 * * *", "01-01 09:30:15, 01-02 09:30:15, 01-03 09:30:15"},
      {"*/30 59 23 31 12 *", "12-31 23:59, 12-31 23:59:30, 12-31 23:59"},
      {"  0\t9   1  *  * ", "01-01 09:00, 02-01 09:00, 03-01 09:00"},
      {"@hourly", "01-01 00:00, 01-01 01:00, 01-01 02:00"},
      {"@Daily", "01-01 00:00, 01-02 00:00, 01-03 00:00"},
      {"@midnight", "01-01 00:00, 01-02 00:00, 01-03 00:00"},
      {"@weekly", "01-03 00:00, 01-10 00:00, 01-17 00:00"},
      {"@monthly", "01-01 00:00, 02-01 00:00, 03-01 00:00"},
      {"@yearly", "01-01 00:00, 01-01 00:00, 01-01 00:00"},
      {"@annually", "01-01 00:00, 01-01 00:00, 01-01 00:00"},
  }));
  INFO(text);
  CHECK(due(text, 3) == expected);
  CHECK(read(text).kind() == Schedule::Kind::wall);
}

TEST_CASE("with both day fields restricted either is enough, and a star leaves the other to decide", "[schedule]") {
  CHECK(due("0 0 13 * FRI", 4) == "01-01 00:00, 01-08 00:00, 01-13 00:00, 01-15 00:00");
  CHECK(due("0 0 */2 * FRI", 3) == "01-01 00:00, 01-15 00:00, 01-29 00:00");
  CHECK(due("0 0 1-7 * */2", 4) == "01-02 00:00, 01-03 00:00, 01-05 00:00, 01-07 00:00");
  CHECK(due("0 0 ? * FRI", 2) == "01-01 00:00, 01-08 00:00");
  CHECK(due("0 0 L * FRI", 6).ends_with("01-29 00:00, 01-31 00:00"));
}

TEST_CASE("Quartz's words for days count from the month's end, to workdays and by week", "[schedule]") {
  struct Case {
    const char* text;
    const char* due;
  };
  const auto& [text, expected] = GENERATE(values<Case>({
      {"0 0 L * *", "01-31 00:00, 02-28 00:00, 03-31 00:00, 04-30 00:00"},
      {"0 0 L-3 * *", "01-28 00:00, 02-25 00:00, 03-28 00:00, 04-27 00:00"},
      {"0 0 L-30 * *", "01-01 00:00, 03-01 00:00, 05-01 00:00, 07-01 00:00"},
      {"0 0 15W * *", "01-15 00:00, 02-15 00:00, 03-15 00:00, 04-15 00:00"},
      {"0 0 1W 5 *", "05-03 00:00, 05-01 00:00, 05-01 00:00, 05-01 00:00"},      // 2027: a Saturday, not April 30
      {"0 0 31W 1,10 *", "01-29 00:00, 10-29 00:00, 01-31 00:00, 10-31 00:00"},  // Sundays, not the month after
      {"0 0 LW * *", "01-29 00:00, 02-26 00:00, 03-31 00:00, 04-30 00:00"},
      {"0 0 1,15,l * *", "01-01 00:00, 01-15 00:00, 01-31 00:00, 02-01 00:00"},
      {"0 0 * * 5L", "01-29 00:00, 02-26 00:00, 03-26 00:00, 04-30 00:00"},
      {"0 0 * * friL", "01-29 00:00, 02-26 00:00, 03-26 00:00, 04-30 00:00"},
      {"0 0 * * MON#1", "01-04 00:00, 02-01 00:00, 03-01 00:00, 04-05 00:00"},
      {"0 0 * * 1#5", "03-29 00:00, 05-31 00:00, 08-30 00:00, 11-29 00:00"},
      {"0 0 * * 7#1,0L", "01-03 00:00, 01-31 00:00, 02-07 00:00, 02-28 00:00"},
  }));
  INFO(text);
  CHECK(due(text, 4) == expected);
}

TEST_CASE("rare days are found however far they are", "[schedule]") {
  CHECK(next(read("0 0 29 2 *"), "2097-01-01T00:00:00Z") == "2104-02-29T00:00:00.000Z");
  CHECK(next(read("0 0 */28 2 MON#5"), "2025-01-01T00:00:00Z") == "2044-02-29T00:00:00.000Z");
  CHECK(next(read("0 0 29 2 1"), "2027-01-31T00:00:00Z") == "2027-02-01T00:00:00.000Z");
  CHECK(next(read("0 12 L-28 2 *"), "2027-01-31T00:00:00Z") == "2028-02-01T12:00:00.000Z");
  CHECK(next(read("0 0 29 2 *"), "9996-03-01T00:00:00Z") == "none");
}

TEST_CASE("a zone in front of a cron expression takes the place of the task's own", "[schedule]") {
  for (const char* text : {"TZ=Asia/Tokyo 0 9 * * *", "CRON_TZ=Asia/Tokyo  0 9 * * *"}) {
    const auto schedule = read(text, in_zone("Europe/Berlin"));
    CHECK(next(schedule, "2027-01-01T00:00:00Z") == "2027-01-02T00:00:00.000Z");
    CHECK(schedule.text() == text);
  }
  CHECK(next(read("TZ=Asia/Tokyo @daily"), "2027-01-01T00:00:00Z") == "2027-01-01T15:00:00.000Z");
}

}  // namespace taskcore::testing
