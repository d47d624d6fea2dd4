// Instants as RFC 3339 text, both ways.
#include "taskcore/time.hpp"

#include <random>

#include "support/catch.hpp"

namespace taskcore::testing {

namespace {

TimePoint since_epoch(std::int64_t ms) { return TimePoint{Duration{ms}}; }

}  // namespace

TEST_CASE("an instant is written in UTC with milliseconds", "[model]") {
  CHECK(format_time(since_epoch(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(format_time(since_epoch(1'801'386'000'007)) == "2027-01-31T09:00:00.007Z");
  CHECK(format_time(since_epoch(1'709'251'199'999)) == "2024-02-29T23:59:59.999Z");
  CHECK(format_time(since_epoch(253'402'300'799'999)) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("an instant before 1970 is written too, and one beyond four digits as the nearest that fits", "[model]") {
  CHECK(format_time(since_epoch(-1)) == "1969-12-31T23:59:59.999Z");
  CHECK(format_time(TimePoint::min()) == "0000-01-01T00:00:00.000Z");
  CHECK(format_time(TimePoint::max()) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("what was written is read as the same instant, and texts sort as instants do", "[model]") {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(0, 253'402'300'799'999);
  TimePoint before = since_epoch(any(random));
  for (int i = 0; i < 20'000; ++i) {
    const TimePoint at = since_epoch(any(random));
    const auto text = format_time(at);
    REQUIRE(text.size() == 24);
    REQUIRE(parse_time(text).value() == at);
    REQUIRE((text < format_time(before)) == (at < before));
    before = at;
  }
}

TEST_CASE("each form of RFC 3339 is read", "[model]") {
  const TimePoint nine = since_epoch(1'801'386'000'000);
  CHECK(parse_time("2027-01-31T09:00:00Z").value() == nine);
  CHECK(parse_time("2027-01-31t09:00:00z").value() == nine);
  CHECK(parse_time("2027-01-31T09:00:00+00:00").value() == nine);
  CHECK(parse_time("2027-01-31T09:00:00-00:00").value() == nine);
  CHECK(parse_time("2027-01-31T10:30:00+01:30").value() == nine);
  CHECK(parse_time("2027-01-30T21:00:00-12:00").value() == nine);
  CHECK(parse_time("2027-01-31T09:00:00.5Z").value() == nine + Duration{500});
  CHECK(parse_time("2027-01-31T09:00:00.05Z").value() == nine + Duration{50});
  CHECK(parse_time("2027-01-31T09:00:00.001Z").value() == nine + Duration{1});
  CHECK(parse_time("2027-01-31T09:00:00.001999999Z").value() == nine + Duration{1});
}

TEST_CASE("what is not quite RFC 3339 is refused", "[model]") {
  for (const char* text : {"",
                           "now",
                           "2027-01-31",
                           "2027-01-31T09:00:00",
                           "2027-01-31T09:00Z",
                           "2027-01-31 09:00:00Z",
                           "2027-1-31T09:00:00Z",
                           " 2027-01-31T09:00:00Z",
                           "2027-01-31T09:00:00Z ",
                           "2027-01-31T09:00:00ZZ",
                           "2027-01-31T09:00:00.Z",
                           "2027-01-31T09:00:00,5Z",
                           "2027-01-31T09:00:00.1234567890Z",
                           "2027-01-31T09:00:00+1:00",
                           "2027-01-31T09:00:00+0100",
                           "2027-01-31T09:00:00+24:00",
                           "2027-01-31T09:00:00+01:60",
                           "2027-01-31T09:00:00+",
                           "+2027-01-31T09:00:00Z",
                           "-027-01-31T09:00:00Z",
                           "20270-01-31T09:00:00Z",
                           "20270131T090000Z",
                           "2027/01/31T09:00:00Z",
                           "2027-01-31T9:00:00Z"}) {
    INFO('"' << text << '"');
    const auto at = parse_time(text);
    REQUIRE_FALSE(at.has_value());
    CHECK(at.error().code == Errc::invalid);
    CHECK(at.error().detail.find("RFC 3339") != std::string::npos);
  }
}

TEST_CASE("days and times of day that do not exist are refused", "[model]") {
  CHECK(parse_time("2024-02-29T00:00:00Z").has_value());
  CHECK(parse_time("2000-02-29T00:00:00Z").has_value());
  for (const char* text :
       {"2027-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2027-04-31T00:00:00Z", "2027-00-01T00:00:00Z",
        "2027-13-01T00:00:00Z", "2027-01-00T00:00:00Z", "2027-01-32T00:00:00Z", "2027-01-31T24:00:00Z",
        "2027-01-31T23:60:00Z", "2016-12-31T23:59:60Z"}) {
    INFO(text);
    const auto at = parse_time(text);
    REQUIRE_FALSE(at.has_value());
    CHECK(at.error().detail.find("does not exist") != std::string::npos);
  }
}

TEST_CASE("years outside 1970 to 9999 are refused, as UTC has them", "[model]") {
  CHECK(parse_time("1970-01-01T01:00:00+01:00").value() == since_epoch(0));
  CHECK_FALSE(parse_time("1969-12-31T23:59:59.999Z").has_value());
  CHECK_FALSE(parse_time("1970-01-01T00:59:59+01:00").has_value());
  CHECK(parse_time("1969-12-31T23:30:00-00:30").value() == since_epoch(0));
  CHECK_FALSE(parse_time("9999-12-31T23:59:59-00:01").has_value());
  CHECK_FALSE(parse_time("0000-01-01T00:00:00Z").has_value());
}

}  // namespace taskcore::testing
