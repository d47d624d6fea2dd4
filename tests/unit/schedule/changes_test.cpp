// Clock changes: what becomes of a cron expression's instants, and what explain() says of it.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

using Reason = Schedule::Reason;

std::vector<TimePoint> instants(std::initializer_list<const char*> texts) {
  std::vector<TimePoint> out;
  for (const char* text : texts) out.push_back(at(text));
  return out;
}

std::vector<Schedule::Explained> explained(std::string_view text, std::string_view after, std::string_view until) {
  return read(text, in_zone("Europe/Berlin")).explain(at(after), at(until));
}

}  // namespace

TEST_CASE("a fixed hour that is skipped is due once, when the gap ends", "[schedule]") {
  const auto schedule = read("*/10 2,3 * * *", in_zone("Europe/Berlin"));
  CHECK(schedule.next(at("2024-03-31T00:00:00Z"), 3) ==
        instants({"2024-03-31T01:00:00Z", "2024-03-31T01:10:00Z", "2024-03-31T01:20:00Z"}));
}

TEST_CASE("a fixed hour that comes twice is due the first time only", "[schedule]") {
  const auto schedule = read("30 2 * * *", in_zone("Europe/Berlin"));
  CHECK(schedule.next(at("2024-10-26T12:00:00Z"), 2) == instants({"2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z"}));
  const auto each_second = read("* * 2 * * *", in_zone("Europe/Berlin"));
  CHECK(next(each_second, "2024-10-27T01:00:00Z") == "2024-10-28T01:00:00.000Z");
}

TEST_CASE("an open hour follows the clock: none in the gap, both passes of what comes twice", "[schedule]") {
  const auto schedule = read("30 * * * *", in_zone("Europe/Berlin"));
  CHECK(schedule.next(at("2024-03-31T00:00:00Z"), 2) == instants({"2024-03-31T00:30:00Z", "2024-03-31T01:30:00Z"}));
  CHECK(schedule.next(at("2024-10-27T00:00:00Z"), 3) ==
        instants({"2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z", "2024-10-27T02:30:00Z"}));
  const auto stepped = read("30 0-4/2 * * *", in_zone("Europe/Berlin"));
  CHECK(stepped.next(at("2024-03-30T23:00:00Z"), 2) == instants({"2024-03-30T23:30:00Z", "2024-03-31T02:30:00Z"}));
  CHECK(stepped.next(at("2024-10-26T23:00:00Z"), 3) ==
        instants({"2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z", "2024-10-27T03:30:00Z"}));
}

TEST_CASE("the end of the second pass is not lost where the schedule goes on later", "[schedule]") {
  // Nothing at 2:59 itself: the next reading is an hour later, but the second 2:15 comes before it.
  const auto schedule = read("15 2-3/1 * * *", in_zone("Europe/Berlin"));
  CHECK(schedule.next(at("2024-10-27T00:20:00Z"), 2) == instants({"2024-10-27T01:15:00Z", "2024-10-27T02:15:00Z"}));
}

TEST_CASE("what was missed over many years is counted without a walk", "[schedule]") {
  const auto open = read("* * * * * *", in_zone("Europe/Berlin"));
  CHECK(open.elapsed(at("1970-01-01T00:00:00Z"), at("9999-12-31T00:00:00Z")).count == 253'402'214'400u);
  const auto fixed = read("30 2 * * *", in_zone("Europe/Berlin"));
  const auto missed = fixed.elapsed(at("2000-01-01T00:00:00Z"), at("2400-01-01T00:00:00Z"));
  CHECK(missed.count == 146'097u);
  CHECK(shown(missed.newest) == "2399-12-31T01:30:00.000Z");
}

TEST_CASE("explain says why an instant is where it is", "[schedule]") {
  const auto gap = explained("15,45 2,3 * * *", "2024-03-31T00:00:00Z", "2024-03-31T02:00:00Z");
  REQUIRE(gap.size() == 4);
  CHECK(gap[0].reason == Reason::after_gap);
  CHECK(gap[0].at == at("2024-03-31T01:00:00Z"));
  CHECK(gap[0].text == "2024-03-31 02:15 is skipped in Europe/Berlin: due at 03:00");
  CHECK(gap[1].reason == Reason::merged);
  CHECK_FALSE(gap[1].due);
  CHECK(gap[2].reason == Reason::as_written);
  CHECK(gap[2].text == "2024-03-31 03:15 in Europe/Berlin");
  const auto twice = explained("15 2 * * *", "2024-10-27T00:00:00Z", "2024-10-28T00:00:00Z");
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].reason == Reason::first_of_two);
  CHECK(twice[0].text == "2024-10-27 02:15 comes twice in Europe/Berlin: due the first time");
}

TEST_CASE("explain tells what an open hour loses in a gap and has twice", "[schedule]") {
  const auto gap = explained("15 * * * *", "2024-03-31T00:00:00Z", "2024-03-31T01:30:00Z");
  REQUIRE(gap.size() == 3);
  CHECK(gap[1].reason == Reason::in_gap);
  CHECK_FALSE(gap[1].due);
  CHECK(gap[1].text == "2024-03-31 02:15 is skipped in Europe/Berlin: not due");
  const auto twice = explained("15 * * * *", "2024-10-27T00:00:00Z", "2024-10-27T02:00:00Z");
  REQUIRE(twice.size() == 2);
  CHECK(twice[0].reason == Reason::each_of_two);
  CHECK(twice[1].text == "2024-10-27 02:15 comes twice in Europe/Berlin: due both times, this is the second");
}

TEST_CASE("what explain calls due is what next gives, for every schedule", "[schedule]") {
  for (const char* text : {"*/7 1-4 * * *", "*/7 */2 * * *", "0 0 L * *", "daily at 2:00, 2:30 and 3:00",
                           "every 7 hours", "at 2024-06-01T00:00:00Z", "manual"}) {
    INFO(text);
    const auto schedule = read(text, in_zone("Europe/Berlin"));
    std::vector<TimePoint> due;
    const TimePoint after = at("2024-03-01T00:00:00Z");
    for (const auto& line : schedule.explain(after, at("2024-12-01T00:00:00Z"), 100'000)) {
      if (line.due) due.push_back(line.at);
    }
    CHECK(due == schedule.next(after, due.size()));
    CHECK(schedule.elapsed(after, at("2024-12-01T00:00:00Z")).count == due.size());
    CHECK(schedule.explain(after, at("2024-12-01T00:00:00Z"), 3).size() <= 3);
  }
}

}  // namespace taskcore::testing
