#include "cli/calendar_file.hpp"

#include <boost/json/object.hpp>
#include <fstream>
#include <iterator>

#include "http/strict_json.hpp"
#include "taskcore/json.hpp"

namespace taskd {

using taskcore::CalendarSpec;
using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

Result<CalendarSpec> read_spec(const std::string& text) {
  boost::json::object object;
  if (text.starts_with("BEGIN:VCALENDAR")) {
    object["icalendar"] = text;
  } else {
    auto value = parse_strict_json(text);
    if (!value) return fail(Errc::invalid, "neither iCalendar nor JSON: " + value.error().detail);
    if (!value->is_object()) return fail(Errc::invalid, "not a JSON object");
    object = std::move(value->get_object());
    object.erase("name");
    object.erase("updatedAt");
  }
  return taskcore::calendar_from_json(object);
}

/// The first of its fields that is wrong, in one line.
std::string first_fault(const Error& error) {
  return error.fields.empty() ? error.detail : error.fields[0].pointer + ": " + error.fields[0].detail;
}

}  // namespace

Result<taskcore::ClosedDays> read_calendar_file(const std::string& file) {
  const auto refuse = [&](const std::string& why) { return fail(Errc::invalid, "--calendar: " + file + ": " + why); };
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || text.empty()) return refuse("cannot be read, or is empty");
  auto spec = read_spec(text);
  if (!spec) return refuse(first_fault(spec.error()));
  spec->name = "file";
  auto days = taskcore::ClosedDays::parse(*spec);
  if (!days) return refuse(first_fault(days.error()));
  return days;
}

}  // namespace taskd
