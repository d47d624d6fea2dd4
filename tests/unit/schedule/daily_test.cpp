// "daily at ...": wall-clock times, and what clock changes do to them.
#include <sstream>

#include "schedule_fixture.hpp"
#include "zone_oracle.hpp"

namespace taskcore::testing {

TEST_CASE("a daily schedule is due at its times of day, in order, each once", "[schedule]") {
  const auto schedule = read("daily at 17:30 and 9:00, 9:00");
  CHECK(schedule.kind() == Schedule::Kind::wall);
  const auto due = schedule.next(at("2027-01-31T09:00:00Z"), 3);
  CHECK(due == std::vector{at("2027-01-31T17:30:00Z"), at("2027-02-01T09:00:00Z"), at("2027-02-01T17:30:00Z")});
}

TEST_CASE("an instant that was just met is not due again, and one a millisecond away is", "[schedule]") {
  const auto schedule = read("daily at 9:00");
  CHECK(next(schedule, "2027-01-31T08:59:59.999Z") == "2027-01-31T09:00:00.000Z");
  CHECK(next(schedule, "2027-01-31T09:00:00.000Z") == "2027-02-01T09:00:00.000Z");
  CHECK(next(schedule, "2027-01-31T09:00:00.001Z") == "2027-02-01T09:00:00.000Z");
}

TEST_CASE("times of day are read with or without seconds and in every kind of list", "[schedule]") {
  struct Case {
    const char* text;
    std::vector<Duration> times;
  };
  const auto& [text, times] = GENERATE(values<Case>({
      {"daily at 9:00", {9h}},
      {"daily at 09:00", {9h}},
      {"daily at 0:00", {0h}},
      {"daily at 23:59:59", {23h + 59min + 59s}},
      {"daily at 9:00:30, 17:30", {9h + 30s, 17h + 30min}},
      {"daily at 9:00 and 17:30", {9h, 17h + 30min}},
      {"daily at 9:00,13:00,17:30", {9h, 13h, 17h + 30min}},
      {"daily at 9:00, 13:00 and 17:30", {9h, 13h, 17h + 30min}},
      {"daily at 9:00 , 13:00, and 17:30", {9h, 13h, 17h + 30min}},
      {"daily at 9:00 and 13:00 and 17:30", {9h, 13h, 17h + 30min}},
      {"Daily AT 9:00 AND 17:30", {9h, 17h + 30min}},
  }));
  INFO(text);
  const TimePoint day = at("2027-01-31T00:00:00Z");
  std::vector<TimePoint> expected;
  for (const auto time : times) expected.push_back(day + time);
  CHECK(read(text).next(day - kTick, times.size()) == expected);
}

TEST_CASE("a time that the clock skips is due when the gap ends", "[schedule]") {
  const auto schedule = read("daily at 2:30", in_zone("Europe/Berlin"));
  CHECK(next(schedule, "2024-03-30T12:00:00Z") == "2024-03-31T01:00:00.000Z");
  CHECK(next(schedule, "2024-03-31T00:59:59.999Z") == "2024-03-31T01:00:00.000Z");
  CHECK(next(schedule, "2024-03-31T01:00:00Z") == "2024-04-01T00:30:00.000Z");
}

TEST_CASE("a time that comes twice is due the first time only", "[schedule]") {
  const auto schedule = read("daily at 2:30", in_zone("Europe/Berlin"));
  CHECK(next(schedule, "2024-10-26T12:00:00Z") == "2024-10-27T00:30:00.000Z");
  CHECK(next(schedule, "2024-10-27T00:30:00Z") == "2024-10-28T01:30:00.000Z");
  CHECK(next(schedule, "2024-10-27T01:10:00Z") == "2024-10-28T01:30:00.000Z");
}

TEST_CASE("daily schedules agree with the oracle around clock changes", "[schedule]") {
  for (const auto& row : kOracle) {
    CAPTURE(row.zone, row.times, row.after);
    const auto schedule = read(std::string("daily at ") + row.times, in_zone(row.zone));
    std::istringstream instants(row.due);
    TimePoint after = at(row.after);
    std::size_t count = 0;
    for (std::string due; instants >> due; ++count) {
      CAPTURE(format_time(after));
      REQUIRE(shown(schedule.next(after)) == format_time(at(due)));
      after = *schedule.next(after);
    }
    CHECK(schedule.elapsed(at(row.after), after).count == count);
  }
}

TEST_CASE("zones go by their rules for ever, up to the year 9999", "[schedule]") {
  const auto schedule = read("daily at 9:00", in_zone("America/New_York"));
  CHECK(next(schedule, "9999-12-30T20:00:00Z") == "9999-12-31T14:00:00.000Z");
  CHECK(next(schedule, "9999-12-31T14:00:00Z") == "none");
  CHECK_FALSE(schedule.next(TimePoint::max()));
  CHECK(shown(schedule.next(TimePoint::min())) == "1970-01-01T14:00:00.000Z");
}

}  // namespace taskcore::testing
