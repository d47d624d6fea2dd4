// Calendars as JSON, and JSON as calendars; and as stored text, which is the same.
#include <array>
#include <boost/json/serialize.hpp>

#include "model/codec.hpp"
#include "model/fields.hpp"
#include "model/json_text.hpp"
#include "taskcore/json.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::array kFields{
    field<&CalendarSpec::description>("description"),
    field<&CalendarSpec::weekdays>("weekdays"),
    field<&CalendarSpec::dates>("dates"),
};

constexpr std::span<const Field<CalendarSpec>> fields() { return kFields; }

void read_icalendar(const json::value& value, CalendarSpec& spec, Faults& faults) {
  if (value.is_null()) return;
  const auto* text = value.if_string();
  if (text == nullptr) return faults.add("/icalendar", "must be a string");
  const auto dates = dates_from_icalendar(*text);
  if (!dates) return faults.add("/icalendar", dates.error().detail);
  spec.dates.insert(spec.dates.end(), dates->begin(), dates->end());
}

}  // namespace

json::object to_json(const Calendar& calendar) {
  json::object out{{"name", calendar.name}};
  for (auto& [name, value] : write_fields(fields(), static_cast<const CalendarSpec&>(calendar))) {
    out.emplace(name, std::move(value));
  }
  out.emplace("updatedAt", write_value(calendar.updated_at));
  return out;
}

Result<CalendarSpec> calendar_from_json(const json::object& source) {
  CalendarSpec spec;
  Faults faults;
  json::object plain = source;
  plain.erase("icalendar");
  read_fields(fields(), plain, spec, "", faults);
  if (const auto* text = source.if_contains("icalendar")) read_icalendar(*text, spec, faults);
  if (auto fine = faults.take(); !fine) return fine.error();
  return spec;
}

std::string encode_calendar(const CalendarSpec& spec) { return json::serialize(write_fields(fields(), spec)); }

Result<Calendar> decode_calendar(const CalendarRow& row) {
  const auto value = parse_json(row.spec);
  const auto* source = value ? value->if_object() : nullptr;
  auto spec = source ? calendar_from_json(*source) : Result<CalendarSpec>(invalid("", "is no object"));
  if (!spec) return fail(Errc::corrupt, "calendar '" + row.name + "' cannot be read: " + spec.error().detail);
  spec->name = row.name;
  return Calendar{std::move(*spec), row.updated_at};
}

}  // namespace taskcore
