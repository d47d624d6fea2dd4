// Tasks as JSON, and JSON as tasks. What a user sets stands in spec_fields.cpp; what the scheduler sets, here.
#include "taskcore/json.hpp"

#include <algorithm>
#include <array>

#include "model/json_append.hpp"
#include "model/merge_patch.hpp"
#include "model/spec_fields.hpp"
#include "model/validation.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 9> kOwnFields{"status",    "createdBy", "createdAt", "updatedAt", "version",
                                                     "nextRunAt", "retryAt",   "waitingOn", "lastRun"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class F>
void each_own_field(const Task& task, F write) {
  write("status", task.status);
  write("createdBy", task.created_by);
  write("createdAt", task.created_at);
  write("updatedAt", task.updated_at);
  write("version", task.version);
  write("nextRunAt", task.next_run_at);
  write("retryAt", task.retry_at);
  write("waitingOn", task.waiting_on);
}

void write_own_fields(const Task& task, json::object& out) {
  each_own_field(task, [&out](std::string_view name, const auto& value) { out[name] = write_value(value); });
}

/// Whether the scheduler's own field `name` has this value at present. A run is known by its id.
bool is_present_value(const Task& current, const json::object& own, std::string_view name, const json::value& value) {
  if (name != "lastRun") return own.at(name) == value;
  if (current.last_run_id.empty()) return value.is_null();
  const auto* run = value.if_object();
  const auto* id = run ? run->if_contains("id") : nullptr;
  return id && *id == json::value(current.last_run_id);
}

/// Reads one field of a task, whichever it is, but the scheduler's own.
void read_field(std::string_view name, const json::value& value, TaskSpec& spec, Faults& faults) {
  const std::string pointer = pointer_to("", name);
  if (const auto* known = find_field(spec_fields(), name)) {
    known->read(value, spec, pointer, faults);
  } else {
    faults.add(pointer, unknown_field(spec_fields(), name));
  }
}

/// In a new configuration null says that a value is not there, as it does in a merged one.
void drop_nulls(json::object& values) {
  for (auto it = values.begin(); it != values.end();) it = it->value().is_null() ? values.erase(it) : std::next(it);
}

/// `type` is already read into `spec`; `type_before` is what it was.
void merge_config(const json::value* patch, std::string_view type_before, TaskSpec& spec, Faults& faults) {
  const bool replaced = spec.config.type != type_before;
  if (replaced) spec.config.values.clear();
  if (!patch) return;
  if (replaced || !patch->is_object()) {
    read_field("config", *patch, spec, faults);
    drop_nulls(spec.config.values);
    return;
  }
  // Sent back as it was shown, it stays, with the nulls that it may hold and that a patch cannot express.
  if (patch->get_object() == spec.config.values) return;
  json::value merged(std::move(spec.config.values));
  merge_patch(merged, *patch);
  spec.config.values = std::move(merged.get_object());
}

}  // namespace

json::object to_json(const TaskSpec& spec) { return write_fields(spec_fields(), spec); }

json::object to_json(const Task& task) {
  json::object out = write_fields(spec_fields(), static_cast<const TaskSpec&>(task), kOwnFields.size());
  write_own_fields(task, out);
  return out;
}

std::string to_json_text(const Task& task) {
  constexpr std::size_t kUsual = 1500;
  std::string out;
  out.reserve(kUsual);
  out += '{';
  for (const Field<TaskSpec>& each : spec_fields()) append_field<TaskSpec>(out, each, task);
  each_own_field(task, [&out](std::string_view name, const auto& value) {
    begin_member(out, name);
    append_value(out, value);
  });
  out += '}';
  return out;
}

Result<TaskSpec> task_from_json(const json::object& source) {
  TaskSpec spec;
  Faults faults;
  for (const auto& [name, value] : source) {
    if (contains(kOwnFields, name)) {
      if (!value.is_null()) faults.add(pointer_to("", name), "is set by the scheduler; leave it out");
    } else {
      read_field(name, value, spec, faults);
    }
  }
  const auto is_absent = [&](std::string_view name) {
    const auto* value = source.if_contains(name);
    return !value || value->is_null();
  };
  if (is_absent("name")) faults.add("/name", "is required");
  drop_nulls(spec.config.values);
  if (is_absent("type") && !spec.config.values.empty()) faults.add("/type", "is required where there is a config");
  if (auto fine = faults.take(); !fine) return fine.error();
  return spec;
}

Result<std::vector<TaskSpec>> tasks_from_json(const json::array& source) {
  if (auto count = check_task_count(source.size()); !count) return count.error();
  std::vector<TaskSpec> specs(source.size());
  Faults faults;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto* object = source[i].if_object();
    auto spec = object != nullptr ? task_from_json(*object) : Result<TaskSpec>(invalid("", "must be an object"));
    if (spec) {
      specs[i] = std::move(*spec);
    } else {
      faults.add_below(pointer_to("", i), spec.error());
    }
  }
  if (auto fine = faults.take(); !fine) return fine.error();
  return specs;
}

Result<void> merge_json(const Task& current, const json::object& patch, TaskSpec& spec) {
  TaskSpec merged = spec;
  Faults faults;
  json::object own;
  write_own_fields(current, own);
  for (const auto& [name, value] : patch) {
    const std::string pointer = pointer_to("", name);
    if (name == "config") continue;  // Last: whether it is merged or replaced hangs on the type.
    if (name == "id") {
      if (value != json::value(current.id)) faults.add(pointer, "cannot be changed");
    } else if (contains(kOwnFields, name)) {
      if (!is_present_value(current, own, name, value)) {
        faults.add(pointer, "is set by the scheduler and differs from its present value; leave it out");
      }
    } else {
      read_field(name, value, merged, faults);
    }
  }
  merge_config(patch.if_contains("config"), spec.config.type, merged, faults);
  if (auto fine = faults.take(); !fine) return fine;
  spec = std::move(merged);
  return {};
}

}  // namespace taskcore
