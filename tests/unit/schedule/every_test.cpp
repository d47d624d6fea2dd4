// "every N units": a grid of elapsed time.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

TEST_CASE("an every schedule is due at each step after the moment it was set", "[schedule]") {
  const auto schedule = read("every 5 minutes", set_at("2027-01-01T10:01:02.345Z"));
  CHECK(schedule.kind() == Schedule::Kind::every);
  CHECK(next(schedule, "2027-01-01T10:01:02.345Z") == "2027-01-01T10:06:02.345Z");
  CHECK(next(schedule, "2027-01-01T10:06:02.344Z") == "2027-01-01T10:06:02.345Z");
  CHECK(next(schedule, "2027-01-01T10:06:02.345Z") == "2027-01-01T10:11:02.345Z");
}

TEST_CASE("an every schedule with a start is due first at the start itself", "[schedule]") {
  auto context = set_at("2027-01-01T10:01:02Z");
  context.start_at = at("2027-01-02T00:00:00Z");
  const auto schedule = read("every 6 hours", context);
  CHECK(next(schedule, "2027-01-01T10:01:02Z") == "2027-01-02T00:00:00.000Z");
  CHECK(next(schedule, "2027-01-02T00:00:00Z") == "2027-01-02T06:00:00.000Z");
}

TEST_CASE("a start in the past is still the anchor of the grid", "[schedule]") {
  auto context = set_at("2027-01-01T10:01:02Z");
  context.start_at = at("2020-01-01T00:00:00Z");
  CHECK(next(read("every 1 hour", context), "2027-01-01T10:01:02Z") == "2027-01-01T11:00:00.000Z");
}

TEST_CASE("there is no instant before the first, from however far back one asks", "[schedule]") {
  const auto schedule = read("every 1 day", set_at("2027-01-01T00:00:00Z"));
  CHECK(shown(schedule.next(TimePoint::min())) == "2027-01-02T00:00:00.000Z");
  CHECK(next(schedule, "1970-01-01T00:00:00Z") == "2027-01-02T00:00:00.000Z");
}

TEST_CASE("reading the same text again, as after a restart, does not shift the grid", "[schedule]") {
  const auto context = set_at("2027-01-01T00:00:00.007Z");
  auto due = read("every 7 seconds", context).next(context.set_at);
  for (int i = 1; i <= 1000; ++i) {
    REQUIRE(due == context.set_at + i * 7s);
    due = read("every 7 seconds", context).next(*due + 6s);
  }
}

TEST_CASE("clock changes do not shift the grid: a day is 24 hours", "[schedule]") {
  auto context = in_zone("Europe/Berlin");
  context.set_at = at("2024-03-30T08:00:00Z");
  const auto due = read("every day", context).next(context.set_at, 2);
  CHECK(due == std::vector{at("2024-03-31T08:00:00Z"), at("2024-04-01T08:00:00Z")});
}

TEST_CASE("units are read in singular, plural and short, together with the number or apart", "[schedule]") {
  struct Case {
    const char* text;
    Duration step;
  };
  const auto& [text, step] = GENERATE(values<Case>({
      {"every 30 seconds", 30s},
      {"every 1 second", 1s},
      {"every 30s", 30s},
      {"every 30 s", 30s},
      {"every 15sec", 15s},
      {"every second", 1s},
      {"every 5 minutes", 5min},
      {"every 5 minute", 5min},
      {"every 5m", 5min},
      {"every 5min", 5min},
      {"every 5 mins", 5min},
      {"every minute", 1min},
      {"every 2h", 2h},
      {"every 2 hrs", 2h},
      {"every hour", 1h},
      {"every 1d", 24h},
      {"every 3 days", 72h},
      {"every day", 24h},
      {"every 1w", 7 * 24h},
      {"every 2 weeks", 14 * 24h},
      {"every week", 7 * 24h},
      {"EVERY 5 Minutes", 5min},
      {"  every \t 5\n minutes ", 5min},
      {"every 005m", 5min},
      {"every 36525 days", 36525 * 24h},
      {"every 3155760000 seconds", 36525 * 24h},
  }));
  INFO(text);
  const auto context = set_at("2027-01-01T00:00:00Z");
  const auto due = read(text, context).next(context.set_at, 2);
  CHECK(due == std::vector<TimePoint>{context.set_at + step, context.set_at + 2 * step});
}

TEST_CASE("a grid ends with the year 9999", "[schedule]") {
  const auto schedule = read("every 100 weeks", set_at("9999-01-01T00:00:00Z"));
  CHECK(next(schedule, "9999-06-01T00:00:00Z") == "none");
  auto context = set_at("1970-01-01T00:00:00Z");
  context.set_at = TimePoint::max();
  CHECK_FALSE(read("every 1 second", context).next(at("2027-01-01T00:00:00Z")));
  context.set_at = TimePoint::min();
  CHECK(next(read("every 1 second", context), "2027-01-01T00:00:00Z") == "2027-01-01T00:00:01.000Z");
}

}  // namespace taskcore::testing
