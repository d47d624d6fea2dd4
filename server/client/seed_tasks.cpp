// See seed_tasks.hpp.
#include "client/seed_tasks.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <string_view>

#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

bool is_task_field(std::string_view name) {
  static const json::object known = taskcore::to_json(taskcore::TaskSpec{});
  return known.contains(name);
}

/// The server's own: of a task, and no part of what a user sets.
bool is_own_field(std::string_view name) {
  static const json::object task = taskcore::to_json(taskcore::Task{});
  return (task.contains(name) && !is_task_field(name)) || name == "lastRun";  // which its run is put into
}

bool has_text(const json::object& object, std::string_view name, std::string_view text) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() && std::string_view(value->get_string()) == text;
}

/// What only means something to a shell when it is an argument of its own.
bool is_shell_mark(const json::value& argument) {
  constexpr std::array<std::string_view, 11> kMarks{">", ">>", "<", "|", "||", "&&", ";", "&", "2>", "2>>", "2>&1"};
  const auto* text = argument.if_string();
  return text != nullptr && std::find(kMarks.begin(), kMarks.end(), std::string_view(*text)) != kMarks.end();
}

/// The earlier system took a whole command line as the command, too.
bool is_command_line(const json::object& config) {
  const auto* command = config.if_contains("command");
  if (command == nullptr || !command->is_string()) return false;
  return std::string_view(command->get_string()).find_first_of(" \t|&;<>") != std::string_view::npos;
}

void give_shell(TranslatedTask& out) {
  auto* config = out.task.if_contains("config");
  if (!has_text(out.task, "type", "script") || config == nullptr || !config->is_object()) return;
  json::object& script = config->get_object();
  if (script.contains("shell")) return;
  const auto* args = script.if_contains("args");
  const bool has_args = args != nullptr && args->is_array();
  const bool has_mark = has_args && std::any_of(args->get_array().begin(), args->get_array().end(), is_shell_mark);
  if (!has_mark && !is_command_line(script)) return;
  script["shell"] = true;
  out.notes.emplace_back("config.shell is set, since its command is meant for a shell");
}

void pause_cancelled(const json::object& source, TranslatedTask& out) {
  if (!has_text(source, "status", "cancelled") || out.task.contains("paused")) return;
  out.task["paused"] = true;
  out.notes.emplace_back("it was cancelled, and is paused here; resume it to have it run");
}

}  // namespace

TranslatedTask translate_task(json::object source) {
  TranslatedTask out;
  for (const auto& [name, value] : source) {
    if (is_task_field(name)) {
      out.task.emplace(name, value);
    } else {
      out.left_out.emplace_back(name);
    }
  }
  // A task of this server has a version where it has a status.
  if (out.left_out.empty() || source.contains("version")) return out;
  give_shell(out);
  pause_cancelled(source, out);
  return out;
}

void drop_own_fields(json::object& task) {
  for (auto it = task.begin(); it != task.end();) it = is_own_field(it->key()) ? task.erase(it) : std::next(it);
}

}  // namespace taskd
