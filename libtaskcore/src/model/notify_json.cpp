#include "model/notify_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "model/json_values.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<std::string_view, NotifyOn>, 3> kKinds{{
    {"onFailure", NotifyOn::failure},
    {"onRecovery", NotifyOn::recovery},
    {"onLate", NotifyOn::late},
}};

json::object write_one(const Notification& one) {
  json::object out;
  if (!one.task.empty()) {
    out["task"] = one.task;
  } else if (one.call.type == "webhook") {
    out["webhook"] = one.call.values;
  } else {
    out["type"] = one.call.type;
    out["config"] = one.call.values;
  }
  if (one.on == NotifyOn::late) out["after"] = write_value(one.after);
  return out;
}

void read_config(const json::value& value, TaskConfig& to, const std::string& pointer, Faults& faults) {
  if (const auto* object = value.if_object()) {
    to.values = *object;
  } else {
    faults.add(pointer, "must be an object");
  }
}

void read_one(const json::value& value, Notification one, std::vector<Notification>& to, const std::string& pointer,
              Faults& faults) {
  const auto* object = value.if_object();
  if (object == nullptr) return faults.add(pointer, "must be {\"webhook\": {…}} or {\"task\": \"id\"}");
  one.call.type.clear();
  for (const auto& [key, member] : *object) {
    const std::string where = pointer_to(pointer, key);
    if (key == "task") {
      read_value(member, one.task, where, faults);
    } else if (key == "webhook") {
      one.call.type = "webhook";
      read_config(member, one.call, where, faults);
    } else if (key == "type") {
      read_value(member, one.call.type, where, faults);
    } else if (key == "config") {
      read_config(member, one.call, where, faults);
    } else if (key == "after" && one.on == NotifyOn::late) {
      read_value(member, one.after, where, faults);
    } else {
      const bool late = one.on == NotifyOn::late;
      faults.add(where, late ? "unknown field; known are webhook, task and after"
                             : "unknown field; known are webhook and task");
    }
  }
  if (one.task.empty() == one.call.type.empty()) faults.add(pointer, "must have either webhook or task");
  if (!one.task.empty()) one.call = TaskConfig{};
  to.push_back(std::move(one));
}

std::string_view name_of(NotifyOn on) {
  return std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.second == on; })->first;
}

}  // namespace

json::value write_notify(const std::vector<Notification>& notify) {
  if (notify.empty()) return nullptr;
  json::object out;
  for (const auto& [name, on] : kKinds) {
    json::array some;
    for (const Notification& one : notify) {
      if (one.on == on) some.push_back(write_one(one));
    }
    if (some.size() == 1) {
      out[name] = some[0];
    } else if (!some.empty()) {
      out[name] = std::move(some);
    }
  }
  return out;
}

void read_notify(const json::value& value, std::vector<Notification>& to, const std::string& pointer, Faults& faults) {
  to.clear();
  if (value.is_null()) return;
  const auto* object = value.if_object();
  if (object == nullptr) return faults.add(pointer, "must be an object with onFailure, onRecovery and onLate");
  for (const auto& [name, on] : kKinds) {
    const auto* some = object->if_contains(name);
    if (some == nullptr || some->is_null()) continue;
    const std::string where = pointer_to(pointer, name);
    Notification one;
    one.on = on;
    if (!some->is_array()) {
      read_one(*some, one, to, where, faults);
      continue;
    }
    for (std::size_t i = 0; i < some->get_array().size(); ++i) {
      read_one(some->get_array()[i], one, to, pointer_to(where, i), faults);
    }
  }
  for (const auto& member : *object) {
    const std::string_view key = member.key();
    if (std::none_of(kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.first == key; })) {
      faults.add(pointer_to(pointer, key), "unknown field; known are onFailure, onRecovery and onLate");
    }
  }
}

std::string notify_pointer(const std::vector<Notification>& notify, std::size_t index) {
  const NotifyOn on = notify[index].on;
  const auto same = [on](const Notification& one) { return one.on == on; };
  const std::string out = pointer_to("/notify", name_of(on));
  const auto here = notify.begin() + static_cast<std::ptrdiff_t>(index);
  if (std::count_if(notify.begin(), notify.end(), same) == 1) return out;
  return pointer_to(out, static_cast<std::size_t>(std::count_if(notify.begin(), here, same)));
}

}  // namespace taskcore
