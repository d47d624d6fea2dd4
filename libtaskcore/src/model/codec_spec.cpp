// A task's definition as stored text: the fields of the interface, with the schedule as resolved beside what was
// written.
#include <boost/json/serialize.hpp>

#include "model/codec.hpp"
#include "model/json_text.hpp"
#include "model/spec_fields.hpp"
#include "taskcore/json.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {
constexpr std::string_view kSource = "scheduleSource";
}

std::string encode_spec(const StoredSpec& stored) {
  json::object out = to_json(stored.spec);
  out.erase("id");                         // The row has it; so the text can be made before the task has one.
  out["schedule"] = stored.spec.schedule;  // As it is: the interface's null would not tell "" from "manual".
  out[kSource] = stored.schedule_source;
  return json::serialize(out);
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
