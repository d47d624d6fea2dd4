// "at", "in" and "now": one instant; and the manual schedule, which has none.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

TEST_CASE("a manual schedule is never due, however it is written", "[schedule]") {
  for (const char* text : {"", "  ", "manual", " Manual "}) {
    INFO('"' << text << '"');
    const auto schedule = read(text);
    CHECK(schedule.kind() == Schedule::Kind::manual);
    CHECK(schedule.text() == "manual");
    CHECK_FALSE(schedule.next(TimePoint::min()));
    CHECK(schedule.elapsed(TimePoint::min(), TimePoint::max()).count == 0);
  }
  CHECK(Schedule().kind() == Schedule::Kind::manual);
  CHECK(Schedule().text() == "manual");
  CHECK_FALSE(Schedule().next(TimePoint{}));
}

TEST_CASE("a schedule that was moved from is a manual one", "[schedule]") {
  auto schedule = read("every 5 minutes");
  const auto moved = std::move(schedule);
  CHECK(moved.kind() == Schedule::Kind::every);
  CHECK(schedule.kind() == Schedule::Kind::manual);
  CHECK_FALSE(schedule.next(TimePoint{}));
}

TEST_CASE("an instant is due once", "[schedule]") {
  const auto schedule = read("at 2027-01-31T09:00:00+01:00");
  CHECK(schedule.kind() == Schedule::Kind::once);
  CHECK(schedule.text() == "at 2027-01-31T09:00:00+01:00");
  CHECK(next(schedule, "2027-01-01T00:00:00Z") == "2027-01-31T08:00:00.000Z");
  CHECK(next(schedule, "2027-01-31T07:59:59.999Z") == "2027-01-31T08:00:00.000Z");
  CHECK(next(schedule, "2027-01-31T08:00:00Z") == "none");
}

TEST_CASE("an instant before the schedule was set is still due", "[schedule]") {
  const auto schedule = read("at 2020-01-01T00:00:00Z", set_at("2027-01-01T00:00:00Z"));
  CHECK(next(schedule, "2019-12-31T00:00:00Z") == "2020-01-01T00:00:00.000Z");
  CHECK(next(schedule, "2027-01-01T00:00:00Z") == "none");
}

TEST_CASE("a delay counts from the moment of setting and is kept as an instant", "[schedule]") {
  const auto context = set_at("2027-01-01T00:00:00.250Z");
  for (const char* text : {"in 10 minutes", "in 10m", "In 600 Seconds"}) {
    INFO(text);
    const auto schedule = read(text, context);
    CHECK(schedule.kind() == Schedule::Kind::once);
    CHECK(schedule.text() == "at 2027-01-01T00:10:00.250Z");
    CHECK(shown(schedule.next(context.set_at)) == "2027-01-01T00:10:00.250Z");
  }
}

TEST_CASE("now is due at the moment of setting, for who asks from just before it", "[schedule]") {
  const auto context = set_at("2027-01-01T00:00:00.250Z");
  const auto schedule = read("now", context);
  CHECK(schedule.text() == "at 2027-01-01T00:00:00.250Z");
  CHECK(schedule.next(context.set_at - kTick) == context.set_at);
  CHECK_FALSE(schedule.next(context.set_at));
  CHECK(read("now").next(TimePoint{} - kTick) == TimePoint{});
}

TEST_CASE("the text of a schedule reads as the same schedule, whenever it is read", "[schedule]") {
  const auto then = set_at("2027-01-01T00:00:00Z");
  const auto later = set_at("2028-02-02T00:00:00Z");
  for (const char* text : {"now", "in 2 weeks", "at 2027-01-31T09:00:00.123456789Z", "daily at 9:00", "manual"}) {
    INFO(text);
    const auto first = read(text, then);
    const auto again = read(first.text(), later);
    CHECK(again.text() == first.text());
    CHECK(again.kind() == first.kind());
    CHECK(again.next(then.set_at - kTick, 3) == first.next(then.set_at - kTick, 3));
  }
}

TEST_CASE("a text is kept as written, without the blanks around it", "[schedule]") {
  CHECK(read("  Every  5 MINUTES\n").text() == "Every  5 MINUTES");
}

}  // namespace taskcore::testing
