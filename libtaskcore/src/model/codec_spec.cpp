// A task's definition as stored text: the fields of the interface, with the schedule as resolved beside what was
// written.
#include "model/codec.hpp"
#include "model/json_append.hpp"
#include "model/json_text.hpp"
#include "model/spec_fields.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {
constexpr std::string_view kId = "id";
constexpr std::string_view kSchedule = "schedule";
constexpr std::string_view kSource = "scheduleSource";
}  // namespace

std::string encode_spec(const StoredSpec& stored) {
  static const TaskSpec plain;
  constexpr std::size_t kUsual = 500;
  std::string out;
  out.reserve(kUsual);
  out += '{';
  for (const Field<TaskSpec>& each : spec_fields()) {
    // The row has the id, so that the text can be made before the task has one. Most tasks say little: what is as in a
    // spec that says nothing is left out.
    if (each.name == kId || each.name == kSchedule || each.same(stored.spec, plain)) continue;
    append_field(out, each, stored.spec);
  }
  // As they are: the interface's null would not tell "" from "manual".
  begin_member(out, kSchedule);
  append_value(out, stored.spec.schedule);
  begin_member(out, kSource);
  append_value(out, stored.schedule_source);
  out += '}';
  return out;
}

Result<StoredSpec> decode_spec(std::string_view text) {
  const auto value = parse_json(text);
  if (!value) return value.error();
  const auto* source = value->if_object();
  if (!source) return fail(Errc::corrupt, "a stored task is not a JSON object");

  StoredSpec stored;
  Faults faults;
  for (const Field<TaskSpec>& each : spec_fields()) {
    if (const auto* found = source->if_contains(each.name)) {
      each.read(*found, stored.spec, pointer_to("", each.name), faults);
    }
  }
  if (const auto* found = source->if_contains(kSource)) {
    read_value(*found, stored.schedule_source, pointer_to("", kSource), faults);
  }
  if (auto fine = faults.take(); !fine) return fail(Errc::corrupt, "a stored task is damaged: " + fine.error().detail);
  return stored;
}

}  // namespace taskcore
