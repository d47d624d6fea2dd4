// Schedules under a calendar: closed days are skipped, or give way to the next working day.
#include <map>

#include "taskcore/calendar.hpp"
#include "unit/schedule/schedule_fixture.hpp"

namespace taskcore::testing {
namespace {

using std::chrono::days;
using std::chrono::local_days;

ClosedDays closed(std::vector<std::string> weekdays, std::vector<std::string> dates) {
  return ClosedDays::parse({.name = "c", .weekdays = std::move(weekdays), .dates = std::move(dates)}).value();
}

ClosedDays weekends_and(std::vector<std::string> dates) { return closed({"saturday", "sun"}, std::move(dates)); }

ScheduleContext under(ClosedDays calendar, OnClosedDay rule = OnClosedDay::skip, std::string zone = "UTC") {
  ScheduleContext context = in_zone(std::move(zone));
  context.closed_days = std::move(calendar);
  context.on_closed_day = rule;
  return context;
}

std::string refusals(const CalendarSpec& spec) {
  const auto parsed = ClosedDays::parse(spec);
  if (parsed) return "";
  std::string out;
  const Error error = parsed.error();
  for (const FieldError& field : error.fields) out += (out.empty() ? "" : " ") + field.pointer;
  return out;
}

/// What the calendar makes of instants that were reckoned without it, by the day that the wall shows.
std::vector<TimePoint> by_hand(const std::vector<TimePoint>& plain, const ClosedDays& calendar, OnClosedDay rule) {
  std::map<TimePoint, bool> out;
  for (const TimePoint instant : plain) {  // in UTC, where the wall shows what the instant says
    const local_days day{std::chrono::floor<days>(instant).time_since_epoch()};
    if (!calendar.closes(day)) {
      out[instant] = true;
    } else if (rule == OnClosedDay::next_working_day) {
      local_days open = day;
      while (calendar.closes(open)) open += days{1};
      out[instant + (open - day)] = true;
    }
  }
  std::vector<TimePoint> listed;
  for (const auto& [instant, due] : out) listed.push_back(instant);
  return listed;
}

std::string text(const std::vector<Schedule::Explained>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out += (line.due ? "+ " : "- ") + format_time(line.at).substr(0, 16) + " " + std::string(to_string(line.reason)) +
           ": " + line.text + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("a calendar's entries are days, days of every year, and ranges of either") {
  const ClosedDays calendar =
      closed({"Sunday"}, {"2026-12-25", "05-01", "12-30/01-02", "2027-03-01/2027-03-03", "02-29"});
  const auto is_closed = [&](int year, unsigned month, unsigned day) {
    return calendar.closes(local_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)});
  };
  CHECK(is_closed(2026, 12, 25));
  CHECK_FALSE(is_closed(2025, 12, 25));
  CHECK(is_closed(2030, 5, 1));
  CHECK(is_closed(2030, 12, 31));
  CHECK(is_closed(2031, 1, 2));
  CHECK_FALSE(is_closed(2031, 1, 3));
  CHECK(is_closed(2027, 3, 3));
  CHECK_FALSE(is_closed(2027, 3, 4));
  CHECK(is_closed(2028, 2, 29));
  CHECK(is_closed(2026, 11, 29));  // a Sunday
}

TEST_CASE("what cannot be read as a calendar is pointed at") {
  CHECK(refusals({.name = "c"}).empty());
  CHECK(refusals({.name = "c", .weekdays = {"mon", "someday"}}) == "/weekdays/1");
  CHECK(refusals({.name = "c",
                  .dates = {"2026-02-29", "13-01", "2026-1-1", "2026-12-25/12-26", "2026-12-25/2026-12-24", "",
                            "1969-12-31", "2026-01-01/2099-01-01", "2200-01-01", "12-25"}}) ==
        "/dates/0 /dates/1 /dates/2 /dates/3 /dates/4 /dates/5 /dates/6 /dates/7 /dates/8");
  CHECK(refusals({.name = "c", .dates = std::vector<std::string>(5001, "12-25")}) == "/dates");
  CHECK(refusals({.name = "c", .weekdays = std::vector<std::string>(8, "mon")}) == "/weekdays");
  CHECK(refusals({.name = "c", .weekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}) == "/weekdays");
  CHECK(refusals({.name = "c", .dates = {"01-01/12-31"}}) == "/dates");
}

TEST_CASE("an instant on a closed day is none, or is due on the next working day") {
  const auto calendar = weekends_and({"2026-12-25", "01-01"});
  const Schedule skips = read("daily at 9:00", under(calendar));
  CHECK(next(skips, "2026-12-24T08:00:00Z") == "2026-12-24T09:00:00.000Z");
  CHECK(next(skips, "2026-12-24T09:00:00Z") == "2026-12-28T09:00:00.000Z");
  const Schedule moves = read("monthly on 1, 26 at 9:00", under(calendar, OnClosedDay::next_working_day));
  CHECK(next(moves, "2026-12-01T12:00:00Z") == "2026-12-28T09:00:00.000Z");
  CHECK(next(moves, "2026-12-26T12:00:00Z") == "2026-12-28T09:00:00.000Z");
  CHECK(next(moves, "2026-12-28T09:00:00Z") == "2027-01-04T09:00:00.000Z");
  const Schedule grid = read("every 6 hours", under(calendar));
  CHECK(next(grid, "2026-12-24T18:00:00Z") == "2026-12-28T00:00:00.000Z");
  CHECK(read("at 2026-12-25T09:00:00Z", under(calendar)).first() == std::nullopt);
  CHECK(shown(read("at 2026-12-25T09:00:00.250Z", under(calendar, OnClosedDay::next_working_day)).first()) ==
        "2026-12-28T09:00:00.250Z");
}

TEST_CASE("the day is the one that the wall shows") {
  const auto calendar = closed({}, {"2026-12-25"});
  const Schedule zoned = read("daily at 9:00", under(calendar, OnClosedDay::skip, "Pacific/Auckland"));
  CHECK(next(zoned, "2026-12-24T00:00:00Z") == "2026-12-25T20:00:00.000Z");  // the 26th there
  const Schedule grid = read("every hour", under(calendar, OnClosedDay::skip, "Pacific/Auckland"));
  CHECK(next(grid, "2026-12-24T10:00:00Z") == "2026-12-25T11:00:00.000Z");
  const Schedule own_zone = read("TZ=Asia/Tokyo 0 9 * * *", under(calendar));
  CHECK(next(own_zone, "2026-12-24T01:00:00Z") == "2026-12-26T00:00:00.000Z");
}

TEST_CASE("what a calendar leaves nothing of is never due, and says so at once") {
  CHECK_FALSE(read("weekly on monday at 9:00", under(closed({"mon"}, {}))).next(at("2026-01-01T00:00:00Z")));
  CHECK_FALSE(read("0 0 29 2 *", under(closed({}, {"02-29"}))).next(at("2026-01-01T00:00:00Z")));
  const Schedule weekly = read("every week", [&] {
    ScheduleContext context = under(weekends_and({}));
    context.start_at = at("2026-11-28T09:00:00Z");  // a Saturday
    return context;
  }());
  CHECK_FALSE(weekly.next(at("2026-11-01T00:00:00Z")));
  CHECK(weekly.elapsed(at("2026-11-01T00:00:00Z"), at("2036-11-01T00:00:00Z")).count == 0);
  CHECK(next(read("0 0 29 2 *", under(weekends_and({}))), "2026-01-01T00:00:00Z") == "2028-02-29T00:00:00.000Z");
}

TEST_CASE("a grid cannot give way to another day") {
  const auto refused = Schedule::parse("every 5 minutes", under(weekends_and({}), OnClosedDay::next_working_day));
  REQUIRE(refused.has_error());
  CHECK(refused.error().fields.front().pointer == "/onClosedDay");
}

TEST_CASE("instants and counts under a calendar are those of the plain schedule, sieved by hand") {
  const std::vector<ClosedDays> calendars{
      weekends_and({}), weekends_and({"2026-12-24/2027-01-06", "05-01", "2027-03-26", "2027-03-29"}),
      closed({"fri"}, {"12-20/01-10", "2027-02-01/2027-02-28"}), closed({}, {"2027-01-15"})};
  for (const char* words : {"daily at 9:00", "0 */7 * * *", "*/30 8-9 * * MON-FRI", "monthly on 1, 15, last at 18:30",
                            "0 9 * * MON#1", "30 2 31 * *", "weekends at 10:00", "every 7 hours", "every 90 minutes"}) {
    const Schedule plain = read(words, set_at("2026-11-01T00:00:00Z"));
    for (const ClosedDays& calendar : calendars) {
      for (const OnClosedDay rule : {OnClosedDay::skip, OnClosedDay::next_working_day}) {
        if (plain.kind() == Schedule::Kind::every && rule != OnClosedDay::skip) continue;
        ScheduleContext context = under(calendar, rule);
        context.set_at = at("2026-11-01T00:00:00Z");
        const Schedule bound = read(words, context);
        const TimePoint from = at("2026-11-20T00:00:00Z");
        const TimePoint to = at("2027-06-01T00:00:00Z");
        std::vector<TimePoint> all = by_hand(plain.next(at("2026-10-01T00:00:00Z"), 4000), calendar, rule);
        std::erase_if(all, [&](TimePoint instant) { return instant <= from || instant > to; });
        INFO(words);
        std::vector<TimePoint> got = bound.next(from, all.size() + 1);
        if (!got.empty() && got.back() > to) got.pop_back();
        REQUIRE(got == all);
        for (std::size_t first = 0; first < all.size(); first += 1 + all.size() / 7) {
          for (std::size_t last = first; last < all.size(); last += 1 + all.size() / 5) {
            const auto elapsed = bound.elapsed(all[first] - kTick, all[last]);
            REQUIRE(elapsed.count == last - first + 1);
            REQUIRE(elapsed.oldest == all[first]);
            REQUIRE(elapsed.newest == all[last]);
          }
        }
      }
    }
  }
}

TEST_CASE("closed days are explained") {
  const auto calendar = weekends_and({"2026-12-25"});
  const TimePoint from = at("2026-12-24T00:00:00Z");
  CHECK(text(read("daily at 9:00", under(calendar)).explain(from, at("2026-12-28T12:00:00Z"))) ==
        "+ 2026-12-24T09:00 as_written: 2026-12-24 09:00 in UTC\n"
        "- 2026-12-25T09:00 closed_day: 2026-12-25 is a closed day: 1 instant not due\n"
        "- 2026-12-26T09:00 closed_day: 2026-12-26 is a closed day: 1 instant not due\n"
        "- 2026-12-27T09:00 closed_day: 2026-12-27 is a closed day: 1 instant not due\n"
        "+ 2026-12-28T09:00 as_written: 2026-12-28 09:00 in UTC\n");
  CHECK(text(read("monthly on 26 at 9:00", under(calendar, OnClosedDay::next_working_day))
                 .explain(from, at("2027-01-01T00:00:00Z"))) ==
        "- 2026-12-28T09:00 moved: 2026-12-26 is a closed day: 1 instant moved to 2026-12-28\n"
        "+ 2026-12-28T09:00 as_written: 2026-12-28 09:00 in UTC\n");
  CHECK(text(read("every 12 hours", under(calendar)).explain(from, at("2026-12-26T00:00:00Z"))) ==
        "+ 2026-12-24T12:00 as_written: 2026-12-24T12:00:00.000Z\n"
        "- 2026-12-25T00:00 closed_day: 2026-12-25 is a closed day: 2 instants not due\n"
        "- 2026-12-26T00:00 closed_day: 2026-12-26 is a closed day: 1 instant not due\n");
  CHECK(read("daily at 9:00", under(calendar)).describe() == "at 09:00 every day, UTC, but on closed days");
  CHECK(read("daily at 9:00", under(calendar)).explain(from, TimePoint::max(), 7).size() == 7);
}

}  // namespace taskcore::testing
