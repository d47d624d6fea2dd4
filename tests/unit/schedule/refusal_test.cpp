// Texts that are no schedules, and what the user is told.
#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

Error refusal(std::string_view text, const ScheduleContext& context = {}) {
  const auto schedule = Schedule::parse(text, context);
  REQUIRE_FALSE(schedule.has_value());
  return schedule.error();
}

bool says(const Error& error, std::string_view words) { return error.detail.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a text that is no schedule is refused with a pointer and the form that would be right", "[schedule]") {
  struct Case {
    const char* text;
    const char* hint;
  };
  const auto& [text, hint] = GENERATE(values<Case>({
      {"sometimes", "\"every 5 minutes\", \"daily at 9:00 and 17:30\""},
      {"manually", "\"manual\""},
      {"manual please", "\"manual\""},
      {",", "\"manual\""},
      {"every", "a whole number and a unit"},
      {"every 5", "a whole number and a unit"},
      {"every 5 parsecs", "a whole number and a unit"},
      {"every -5 minutes", "a whole number and a unit"},
      {"every +5 minutes", "a whole number and a unit"},
      {"every 1.5 hours", "a whole number and a unit"},
      {"every 5ms", "a whole number and a unit"},
      {"every 5 5m", "a whole number and a unit"},
      {"every 5m m", "a whole number and a unit"},
      {"every minutes 5", "a whole number and a unit"},
      {"every 5 minutes at 9:00", "a whole number and a unit"},
      {"every 0 seconds", "from 1 second to 100 years"},
      {"every 36526 days", "from 1 second to 100 years"},
      {"every 9223372036854775807 weeks", "from 1 second to 100 years"},
      {"every 99999999999999999999 seconds", "from 1 second to 100 years"},
      {"daily", "\"daily at 9:00 and 17:30\""},
      {"daily 9:00", "\"daily at 9:00 and 17:30\""},
      {"daily at", "\"at 9:00 and 17:30\""},
      {"daily at 9", "0:00 to 23:59:59"},
      {"daily at 9am", "\"9am\""},
      {"daily at 9:00 pm", "\"pm\""},
      {"daily at 24:00", "\"24:00\""},
      {"daily at 9:60", "\"9:60\""},
      {"daily at 9:00:60", "\"9:00:60\""},
      {"daily at 9:0", "\"9:0\""},
      {"daily at 9:00:", "\"9:00:\""},
      {"daily at 9:00:00:00", "\"9:00:00:00\""},
      {"daily at :30", "\":30\""},
      {"daily at 009:00", "\"009:00\""},
      {"daily at -1:00", "\"-1:00\""},
      {"daily at 9:00 17:30", "\"17:30\""},
      {"daily at 9:00,", "as a time of day"},
      {"daily at 9:00 and", "as a time of day"},
      {"daily at ,9:00", "\",\""},
      {"daily at 9:00,,17:30", "\",\""},
      {"at", "RFC 3339"},
      {"at 9:00", "RFC 3339"},
      {"at 2027-01-31T09:00:00", "with a zone"},
      {"at 2027-02-29T09:00:00Z", "a day that does not exist"},
      {"at 2027-01-31T09:00:00Z daily", "RFC 3339"},
      {"in", "a whole number and a unit"},
      {"in minute", "a whole number and a unit"},
      {"in 0 minutes", "from 1 second to 100 years"},
      {"now or never", "\"now\" alone"},
  }));
  INFO(text);
  const auto error = refusal(text);
  CHECK(error.code == Errc::invalid);
  REQUIRE(error.fields.size() == 1);
  CHECK(error.fields[0].pointer == "/schedule");
  INFO(error.detail);
  CHECK(says(error, hint));
}

TEST_CASE("an unknown time zone is refused at its own pointer, whatever the schedule", "[schedule]") {
  for (const char* zone : {"", "Mars/Olympus", "europe/berlin", "Europe", "Europe/", "Europe//Berlin/..",
                           "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "Fixed/UTC+01:00:00", "libc:localtime",
                           "localtime", "right/UTC", "posix/UTC", "zone.tab", "UTC ", "+01:00"}) {
    INFO(zone);
    for (const char* text : {"daily at 9:00", "every 5 minutes", "manual"}) {
      const auto error = refusal(text, in_zone(zone));
      CHECK(error.code == Errc::invalid);
      REQUIRE(error.fields.size() == 1);
      CHECK(error.fields[0].pointer == "/timezone");
      CHECK(says(error, "IANA name"));
    }
  }
  CHECK_FALSE(Schedule::parse("manual", in_zone(std::string("UTC\0", 4))).has_value());
}

TEST_CASE("a wrong schedule in a wrong zone is told of both", "[schedule]") {
  const auto error = refusal("sometimes", in_zone("Mars/Olympus"));
  REQUIRE(error.fields.size() == 2);
  CHECK(error.fields[0].pointer == "/schedule");
  CHECK(error.fields[1].pointer == "/timezone");
}

TEST_CASE("a delay beyond the year 9999 is refused", "[schedule]") {
  CHECK(says(refusal("in 100 weeks", set_at("9999-06-01T00:00:00Z")), "1970 to 9999"));
  ScheduleContext context;
  context.set_at = TimePoint::max();
  CHECK(says(refusal("in 1 second", context), "1970 to 9999"));
  CHECK(says(refusal("now", context), "1970 to 9999"));
}

TEST_CASE("a message stays short and printable, whatever was sent", "[schedule]") {
  const auto long_text = refusal(std::string(900, 'x'));
  CHECK(long_text.detail.size() < 400);
  const auto odd = refusal(std::string("\x01\xff\xfe\0 t\xc3\xa4glich", 13));
  CHECK(std::all_of(odd.detail.begin(), odd.detail.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  CHECK(says(refusal(std::string(1001, '5')), "up to 1000 characters"));
}

TEST_CASE("more times of day than a list is good for are refused", "[schedule]") {
  std::string text = "daily at 0:00";
  for (int minute = 10; minute < 60; ++minute) text.append(",0:").append(std::to_string(minute));
  for (int minute = 10; minute < 59; ++minute) text.append(",1:").append(std::to_string(minute));
  CHECK(read(text).next(at("2027-01-31T12:00:00Z"), 101).back() == at("2027-02-02T00:00:00Z"));
  CHECK(says(refusal(text + ",1:59"), "more than 100 times"));
}

}  // namespace taskcore::testing
