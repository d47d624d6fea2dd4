// Where a schedule begins and ends: first, start_at and end_at.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

ScheduleContext between(std::string_view start, std::string_view end) {
  ScheduleContext context;
  context.start_at = at(start);
  context.end_at = at(end);
  return context;
}

}  // namespace

TEST_CASE("a schedule begins with what is due when it is set or later", "[schedule]") {
  const auto context = set_at("2027-01-01T09:00:00Z");
  CHECK(shown(read("manual", context).first()) == "none");
  CHECK(shown(read("now", context).first()) == "2027-01-01T09:00:00.000Z");
  CHECK(shown(read("in 1 hour", context).first()) == "2027-01-01T10:00:00.000Z");
  CHECK(shown(read("every 1 hour", context).first()) == "2027-01-01T10:00:00.000Z");
  CHECK(shown(read("daily at 9:00", context).first()) == "2027-01-01T09:00:00.000Z");
  CHECK(shown(read("daily at 8:59", context).first()) == "2027-01-02T08:59:00.000Z");
  CHECK(Schedule().first() == std::nullopt);
}

TEST_CASE("a single instant is where its schedule begins, even when it is over", "[schedule]") {
  const auto context = set_at("2027-01-01T09:00:00Z");
  CHECK(shown(read("at 2020-01-01T00:00:00Z", context).first()) == "2020-01-01T00:00:00.000Z");
}

TEST_CASE("a grid that starts when it is set begins then", "[schedule]") {
  auto context = set_at("2027-01-01T09:00:00Z");
  context.start_at = context.set_at;
  CHECK(read("every 1 hour", context).first() == context.set_at);
  context.start_at = context.set_at - 90min;
  CHECK(read("every 1 hour", context).first() == context.set_at + 30min);
}

TEST_CASE("no wall-clock instant comes before the start or after the end, and both may be one", "[schedule]") {
  const auto schedule = read("daily at 9:00", between("2027-01-10T09:00:00Z", "2027-01-12T09:00:00Z"));
  const auto due = schedule.next(at("2027-01-01T00:00:00Z"), 10);
  CHECK(due == std::vector{at("2027-01-10T09:00:00Z"), at("2027-01-11T09:00:00Z"), at("2027-01-12T09:00:00Z")});
  const auto inside = read("daily at 9:00", between("2027-01-10T09:00:00.001Z", "2027-01-12T08:59:59.999Z"));
  CHECK(inside.next(at("2027-01-01T00:00:00Z"), 10) == std::vector{at("2027-01-11T09:00:00Z")});
}

TEST_CASE("no instant of a grid comes after the end", "[schedule]") {
  const auto schedule = read("every 1 hour", between("2027-01-10T00:00:00Z", "2027-01-10T02:00:00Z"));
  CHECK(schedule.next(at("2027-01-01T00:00:00Z"), 10).size() == 3);
  CHECK(next(schedule, "2027-01-10T02:00:00Z") == "none");
}

TEST_CASE("a single instant outside the bounds is never due", "[schedule]") {
  const char* text = "at 2027-01-10T09:00:00Z";
  const TimePoint before = at("2026-01-01T00:00:00Z");
  CHECK(read(text, between("2027-01-10T09:00:00Z", "2027-01-10T09:00:00Z")).next(before));
  CHECK_FALSE(read(text, between("2027-01-10T09:00:00.001Z", "2028-01-01T00:00:00Z")).next(before));
  CHECK_FALSE(read(text, between("2026-01-01T00:00:00Z", "2027-01-10T08:59:59.999Z")).next(before));
}

TEST_CASE("an end before the start leaves nothing", "[schedule]") {
  const auto context = between("2027-01-10T00:00:00Z", "2027-01-09T00:00:00Z");
  for (const char* text : {"every 1 second", "daily at 9:00", "at 2027-01-09T12:00:00Z"}) {
    CHECK_FALSE(read(text, context).next(TimePoint::min()));
    CHECK(read(text, context).elapsed(TimePoint::min(), TimePoint::max()).count == 0);
  }
}

TEST_CASE("bounds at the ends of time do no harm", "[schedule]") {
  ScheduleContext context;
  context.start_at = TimePoint::min();
  context.end_at = TimePoint::max();
  CHECK(next(read("every 1 day", context), "2027-01-01T00:00:00Z") == "2027-01-02T00:00:00.000Z");
  CHECK(next(read("daily at 9:00", context), "2027-01-01T00:00:00Z") == "2027-01-01T09:00:00.000Z");
  context.start_at = TimePoint::max();
  CHECK_FALSE(read("every 1 day", context).next(TimePoint::min()));
  CHECK_FALSE(read("daily at 9:00", context).next(TimePoint::min()));
}

TEST_CASE("what has elapsed is cut to the bounds", "[schedule]") {
  const auto schedule = read("every 1 hour", between("2027-01-10T00:00:00Z", "2027-01-10T05:30:00Z"));
  const auto elapsed = schedule.elapsed(TimePoint::min(), TimePoint::max());
  CHECK(elapsed.count == 6);
  CHECK(shown(elapsed.oldest) == "2027-01-10T00:00:00.000Z");
  CHECK(shown(elapsed.newest) == "2027-01-10T05:00:00.000Z");
}

}  // namespace taskcore::testing
