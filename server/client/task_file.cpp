// See task_file.hpp.
#include "client/task_file.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "http/strict_json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

std::string line_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  return "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n'));
}

/// A task under the id that its place says, unless it says one itself.
json::object with_id(json::object task, std::string_view id) {
  if (!task.contains("id")) task["id"] = id;
  return task;
}

Result<TaskList> from_list(json::array list) {
  TaskList out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto* pair = list[i].if_array();
    if (list[i].is_object()) {
      out.push_back(std::move(list[i].get_object()));
    } else if (pair != nullptr && pair->size() == 2 && (*pair)[0].is_string() && (*pair)[1].is_object()) {
      out.push_back(with_id(std::move((*pair)[1].get_object()), (*pair)[0].get_string()));
    } else {
      return fail(Errc::invalid, "number " + std::to_string(i + 1) + " of the list is no task");
    }
  }
  return out;
}

Result<TaskList> from_value(json::value value);

Result<TaskList> from_object(json::object object) {
  if (object.contains("name")) return TaskList{std::move(object)};
  if (auto* tasks = object.if_contains("tasks"); tasks != nullptr && tasks->is_structured()) {
    return from_value(std::move(*tasks));
  }
  const auto is_task = [](const auto& one) { return one.value().is_object(); };
  if (!std::all_of(object.begin(), object.end(), is_task)) {
    return fail(Errc::invalid, "neither a task, which has a name, nor a list of tasks, nor {\"tasks\": […]}");
  }
  TaskList out;
  for (auto& one : object) out.push_back(with_id(std::move(one.value().get_object()), one.key()));
  return out;
}

Result<TaskList> from_value(json::value value) {
  if (auto* list = value.if_array()) return from_list(std::move(*list));
  if (auto* object = value.if_object()) return from_object(std::move(*object));
  return fail(Errc::invalid, "neither a task nor a list of tasks");
}

Result<TaskList> from_lines(std::string_view text) {
  TaskList out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      auto value = parse_strict_json(line);
      if (!value) return fail(Errc::invalid, line_of(text, at) + ": " + value.error().detail);
      if (!value->is_object()) return fail(Errc::invalid, line_of(text, at) + ": is no task");
      out.push_back(std::move(value->get_object()));
    }
    at = end + 1;
  }
  return out;
}

}  // namespace

Result<TaskList> read_tasks(std::string_view text) {
  auto value = parse_strict_json(text);
  if (value) return from_value(std::move(*value));
  // One value, and another one on a line after it: tasks line by line.
  const auto rest = text.substr(std::min(value.error().offset, text.size()));
  const bool whole_before = parse_strict_json(text.substr(0, text.size() - rest.size())).has_value();
  if (whole_before && rest.starts_with('{')) return from_lines(text);
  return fail(Errc::invalid, line_of(text, value.error().offset) + ": " + value.error().detail);
}

std::string id_of(const json::object& task) {
  const auto* id = task.if_contains("id");
  return id != nullptr && id->is_string() ? std::string(std::string_view(id->get_string())) : std::string();
}

std::string subject_of(const json::object& task, std::size_t place) {
  if (const std::string id = id_of(task); !id.empty()) return "task \"" + id + "\"";
  const auto* name = task.if_contains("name");
  if (name != nullptr && name->is_string()) return "task \"" + std::string(std::string_view(name->get_string())) + "\"";
  return "task number " + std::to_string(place + 1);
}

}  // namespace taskd
