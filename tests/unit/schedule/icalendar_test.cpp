// iCalendar texts as dates of a calendar.
#include "taskcore/calendar.hpp"
#include "unit/schedule/schedule_fixture.hpp"

namespace taskcore::testing {
namespace {

std::string calendar(const std::string& events) { return "BEGIN:VCALENDAR\r\n" + events + "END:VCALENDAR\r\n"; }
std::string event(const std::string& lines) { return "BEGIN:VEVENT\r\n" + lines + "\r\nEND:VEVENT\r\n"; }

std::string dates(const std::string& lines) {
  const auto read = dates_from_icalendar(calendar(event(lines)));
  if (!read) return read.error().detail;
  std::string out;
  for (const std::string& date : *read) out += (out.empty() ? "" : " ") + date;
  return out;
}

bool mentions(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("whole-day events are dates and ranges") {
  CHECK(dates("SUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226") == "2026-12-25");
  CHECK(dates("DTSTART;VALUE=DATE:20261225") == "2026-12-25");
  CHECK(dates("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20270102") == "2026-12-24/2027-01-01");
  CHECK(dates("DTSTART;VALUE=DATE:20261224\r\nDURATION:P1W") == "2026-12-24/2026-12-30");
  CHECK(dates("DTSTART;TZID=\"a:b\":20261225T000000\r\nDTEND;TZID=X:20261226T000000") == "2026-12-25");
  CHECK(dates("DTSTART;VALUE=DATE:20261225\r\nSTATUS:CANCELLED").empty());
  CHECK(dates("DTSTART;VALUE=DATE:2026\r\n 1225\r\nDESCRIPTION:folded") == "2026-12-25");
  CHECK(dates("DTSTART;VALUE=DATE:20261225\r\nBEGIN:VALARM\r\nTRIGGER:-PT1H\r\nDURATION:PT5M\r\nEND:VALARM") ==
        "2026-12-25");
}

TEST_CASE("yearly events are entries of every year, or are written out") {
  CHECK(dates("DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY") == "12-25");
  CHECK(dates("DTSTART;VALUE=DATE:20201224\r\nDTEND:20201227\r\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24") ==
        "12-24/12-26");
  CHECK(dates("DTSTART;VALUE=DATE:20241128\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3") ==
        "2024-11-28 2025-11-27 2026-11-26");
  CHECK(dates("DTSTART;VALUE=DATE:20250526\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20271231T000000Z") ==
        "2025-05-26 2026-05-25 2027-05-31");
  CHECK(dates("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY;UNTIL=20330101") == "2024-02-29 2028-02-29 2032-02-29");
  CHECK(dates("DTSTART;VALUE=DATE:20240101\r\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2\r\nRDATE:20250707") ==
        "2024-01-01 2026-01-01 2025-07-07");
  CHECK(dates("DTSTART;VALUE=DATE:20240101\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20250101") ==
        "2024-01-01 2026-01-01");
  CHECK(dates("DTSTART;VALUE=DATE:20240131\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=2") ==
        "2024-02-29 2025-02-28");
}

TEST_CASE("what is no closed day is refused with its line") {
  CHECK(mentions(dates("DTSTART:20261225T090000Z"), "line 3: the event has a time of day"));
  CHECK(mentions(dates("DTSTART:20261225T000000Z"), "the event has a time of day"));
  CHECK(mentions(dates("DTSTART:20261325"), "line 3: cannot read \"20261325\""));
  CHECK(mentions(dates("SUMMARY:x"), "line 2: the event has no DTSTART"));
  CHECK(mentions(dates("DTSTART:20261225\r\nRRULE:FREQ=WEEKLY"), "\"FREQ=WEEKLY\""));
  CHECK(mentions(dates("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYDAY=MO"), "\"BYDAY=MO\""));
  CHECK(mentions(dates("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYDAY=1MO"), "needs BYMONTH"));
  CHECK(mentions(dates("DTSTART:20261225\r\nRRULE:"), "is not read"));
  CHECK(mentions(dates("DTSTART:20261225\r\nDTEND:20261224"), "from 1 to 365 days"));
  CHECK(mentions(dates("DTSTART:20261225\r\nDURATION:PT1H"), "number of days"));
  CHECK(mentions(dates("DTSTART:20261225\r\nRECURRENCE-ID:20261225"), "single occurrences"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += event("DTSTART:19700101\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO");
  CHECK(mentions(dates_from_icalendar(calendar(many)).error().detail, "more than 10,000"));
  CHECK(dates_from_icalendar("").has_error());
  CHECK(dates_from_icalendar("hello").has_error());
  CHECK(dates_from_icalendar("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\n").has_error());
  CHECK(dates_from_icalendar("BEGIN:VCALENDAR\nEND:VCALENDAR").value().empty());
}

}  // namespace taskcore::testing
