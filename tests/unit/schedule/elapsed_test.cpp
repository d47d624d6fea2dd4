// Properties of next and elapsed that hold for every schedule, tried at random instants with a fixed seed.
#include <random>

#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

struct Subject {
  const char* text;
  const char* zone;
};

constexpr Subject kSubjects[] = {
    {"every 7 minutes", "UTC"},
    {"every 1 hour", "Europe/Berlin"},
    {"every 3 days", "UTC"},
    {"daily at 9:00 and 17:30", "UTC"},
    {"daily at 0:00, 2:00, 2:15, 2:30 and 3:00", "Europe/Berlin"},
    {"daily at 1:30, 1:45, 2:00 and 2:15", "Australia/Lord_Howe"},
    {"daily at 23:59:59, 0:00:00 and 0:00:01", "America/St_Johns"},
    {"daily at 2:00, 3:00 and 9:00", "Africa/Casablanca"},
    {"daily at 9:00", "Pacific/Apia"},
    {"at 2024-06-01T12:00:00Z", "UTC"},
};

Schedule read(const Subject& subject) {
  auto context = in_zone(subject.zone);
  context.set_at = at("2024-01-01T00:00:00.500Z");
  return Schedule::parse(subject.text, context).value();
}

class Instants {
 public:
  TimePoint any(Duration span) {
    return at("2023-12-25T00:00:00Z") + Duration{std::uniform_int_distribution<std::int64_t>(0, span.count())(random_)};
  }

 private:
  std::mt19937_64 random_{20240331};
};

Schedule::Elapsed walked(const Schedule& schedule, TimePoint after, TimePoint until) {
  Schedule::Elapsed out;
  for (auto due = schedule.next(after); due && *due <= until; due = schedule.next(*due)) {
    if (++out.count == 1) out.oldest = due;
    out.newest = due;
  }
  return out;
}

}  // namespace

TEST_CASE("the next instant is always later, and nothing is between", "[schedule]") {
  for (const auto& subject : kSubjects) {
    CAPTURE(subject.text, subject.zone);
    const auto schedule = read(subject);
    Instants instants;
    for (int i = 0; i < 2000; ++i) {
      const TimePoint after = instants.any(24h * 500);
      const auto due = schedule.next(after);
      if (!due) continue;
      REQUIRE(*due > after);
      REQUIRE(schedule.next(*due - kTick) == due);
      const auto between = after + (*due - after) / 2;
      REQUIRE(schedule.next(between == *due ? after : between) == due);
    }
  }
}

TEST_CASE("instants grow strictly through years of clock changes", "[schedule]") {
  for (const auto& subject : kSubjects) {
    CAPTURE(subject.text, subject.zone);
    const auto due = read(subject).next(at("2010-01-01T00:00:00Z"), 20'000);
    REQUIRE(std::adjacent_find(due.begin(), due.end(), std::greater_equal<>()) == due.end());
  }
}

TEST_CASE("what has elapsed is what a walk from instant to instant finds", "[schedule]") {
  for (const auto& subject : kSubjects) {
    CAPTURE(subject.text, subject.zone);
    const auto schedule = read(subject);
    Instants instants;
    for (int i = 0; i < 200; ++i) {
      const TimePoint after = instants.any(24h * 300);
      const TimePoint until = after + (instants.any(24h * 10) - at("2023-12-26T00:00:00Z"));
      CAPTURE(format_time(after), format_time(until));
      const auto elapsed = schedule.elapsed(after, until);
      const auto expected = walked(schedule, after, until);
      REQUIRE(elapsed.count == expected.count);
      REQUIRE(elapsed.oldest == expected.oldest);
      REQUIRE(elapsed.newest == expected.newest);
    }
  }
}

TEST_CASE("the span of what has elapsed has an open beginning and a closed end", "[schedule]") {
  const auto schedule = read("every 1 hour", set_at("2027-01-01T00:00:00Z"));
  CHECK(schedule.elapsed(at("2027-01-01T01:00:00Z"), at("2027-01-01T01:00:00Z")).count == 0);
  CHECK(schedule.elapsed(at("2027-01-01T01:00:00Z"), at("2027-01-01T01:59:59.999Z")).count == 0);
  CHECK(schedule.elapsed(at("2027-01-01T01:00:00Z"), at("2027-01-01T02:00:00Z")).count == 1);
  CHECK(schedule.elapsed(at("2027-01-01T02:00:00Z"), at("2027-01-01T01:00:00Z")).count == 0);
}

TEST_CASE("an outage of a century costs a grid of seconds no walk", "[schedule]") {
  const auto schedule = read("every 1 second", set_at("2000-01-01T00:00:00Z"));
  const auto elapsed = schedule.elapsed(at("2000-01-01T00:00:00Z"), at("2100-01-01T00:00:00Z"));
  CHECK(elapsed.count == 3'155'760'000u);
  CHECK(shown(elapsed.newest) == "2100-01-01T00:00:00.000Z");
}

}  // namespace taskcore::testing
