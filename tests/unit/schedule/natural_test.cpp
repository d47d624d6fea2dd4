// "weekly on ...", "monthly on ...", "weekdays at ...": days in plain words.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

std::vector<std::string> due(std::string_view text, std::size_t count) {
  std::vector<std::string> out;
  for (const TimePoint instant : read(text).next(at("2027-01-01T00:00:00Z") - kTick, count)) {
    out.push_back(format_time(instant).substr(5, 11));
  }
  return out;
}

using Due = std::vector<std::string>;

}  // namespace

TEST_CASE("a weekly schedule is due on its weekdays", "[schedule]") {
  const Due expected{"01-01T09:00", "01-04T09:00", "01-08T09:00"};  // 2027 begins on a Friday.
  for (const char* text : {"weekly on monday, friday at 9:00", "weekly on Fri and MON at 9:00",
                           "weekly on friday,monday, and fri at 09:00:00", "WEEKLY ON Mon , Friday AT 9:00"}) {
    INFO(text);
    CHECK(due(text, 3) == expected);
  }
  CHECK(due("weekly on sunday at 9:00 and 17:30", 2) == Due{"01-03T09:00", "01-03T17:30"});
}

TEST_CASE("a monthly schedule is due on its days, and on none where the month is shorter", "[schedule]") {
  CHECK(due("monthly on 1, 15, last at 9:00", 4) == Due{"01-01T09:00", "01-15T09:00", "01-31T09:00", "02-01T09:00"});
  CHECK(due("monthly on 31 at 9:00", 3) == Due{"01-31T09:00", "03-31T09:00", "05-31T09:00"});
  CHECK(due("monthly on 28 and last at 9:00", 4) == Due{"01-28T09:00", "01-31T09:00", "02-28T09:00", "03-28T09:00"});
}

TEST_CASE("weekdays are Monday to Friday, weekends the rest", "[schedule]") {
  CHECK(due("weekdays at 8:30", 3) == Due{"01-01T08:30", "01-04T08:30", "01-05T08:30"});
  CHECK(due("weekday at 8:30", 2) == Due{"01-01T08:30", "01-04T08:30"});
  CHECK(due("weekends at 10:00", 3) == Due{"01-02T10:00", "01-03T10:00", "01-09T10:00"});
}

TEST_CASE("days in plain words that cannot be read are refused with the form that would be right", "[schedule]") {
  struct Case {
    const char* text;
    const char* hint;
  };
  const auto& [text, hint] = GENERATE(values<Case>({
      {"weekly", "\"weekly on monday, friday at 9:00\""},
      {"weekly at 9:00", "\"weekly on monday, friday at 9:00\""},
      {"weekly on", "\"weekly on monday, friday at 9:00\""},
      {"weekly on moonday at 9:00", "\"moonday\""},
      {"weekly on monday", "\"weekly on monday, friday at 9:00\""},
      {"weekly on monday 9:00", "\"9:00\""},
      {"weekly on monday at", "as a time of day"},
      {"weekly on 1 at 9:00", "\"1\""},
      {"monthly", "\"monthly on 1, 15, last at 9:00\""},
      {"monthly on 32 at 9:00", "\"32\""},
      {"monthly on 0 at 9:00", "\"0\""},
      {"monthly on -1 at 9:00", "\"-1\""},
      {"monthly on 1st at 9:00", "\"1st\""},
      {"monthly on 1, at 9:00", "\"at\""},
      {"monthly on monday at 9:00", "\"monday\""},
      {"weekdays", "\"weekdays at 9:00 and 17:30\""},
      {"weekends on saturday at 9:00", "\"weekends at 9:00 and 17:30\""},
      {"after lunch", "\"dependencies\""},
      {"after dependencies have run", "\"dependencies\""},
  }));
  INFO(text);
  const auto schedule = Schedule::parse(text);
  REQUIRE_FALSE(schedule.has_value());
  INFO(schedule.error().detail);
  CHECK(schedule.error().fields.at(0).pointer == "/schedule");
  CHECK(schedule.error().detail.find(hint) != std::string::npos);
}

}  // namespace taskcore::testing
