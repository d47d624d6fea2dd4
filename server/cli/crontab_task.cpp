// See crontab_task.hpp.
#include "cli/crontab_task.hpp"

#include <boost/json/array.hpp>
#include <chrono>
#include <string_view>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kShell = "/bin/sh";

/// A task's environment refuses these, so the command sets them itself.
bool is_set_by_command(std::string_view name) {
  return name == "PATH" || name == "ENV" || name == "BASH_ENV" || name.starts_with("LD_");
}

std::string in_shell_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// A line of at most 200 bytes, cut between characters.
std::string task_name(std::string_view command) {
  constexpr std::size_t kLongest = 200;
  std::string out(command.substr(0, kLongest));
  if (command.size() > kLongest) {
    while (!out.empty() && (static_cast<unsigned char>(command[out.size()]) & 0xc0) == 0x80) out.pop_back();
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  }
  return out;
}

json::object config(const CrontabEntry& entry, const CrontabVariables& variables) {
  std::string command;
  json::object environment;
  for (const auto& [name, value] : variables) {
    if (is_set_by_command(name)) {
      command += name + "=" + in_shell_quotes(value) + "; export " + name + "; ";
    } else {
      environment[name] = value;
    }
  }
  command += entry.command;
  json::object out;
  const auto shell = variables.find("SHELL");
  if (shell == variables.end() || shell->second == kShell) {
    out["command"] = command;
    out["shell"] = true;
  } else {
    out["command"] = shell->second;
    out["args"] = json::array{"-c", command};
  }
  if (const auto home = variables.find("HOME"); home != variables.end()) out["cwd"] = home->second;
  if (!environment.empty()) out["env"] = std::move(environment);
  if (entry.input) out["stdin"] = *entry.input;
  return out;
}

}  // namespace

json::object crontab_task(const CrontabEntry& entry, const taskcore::Schedule& schedule, const CrontabPlace& around) {
  json::object body;
  body["name"] = task_name(entry.command);
  body["description"] = "Line " + std::to_string(around.line) + " of a crontab" +
                        (!entry.user.empty() ? ", there as user " + std::string(entry.user) : std::string());
  body["type"] = "script";
  body["config"] = config(entry, around.variables);
  body["schedule"] = schedule.text();
  if (!around.timezone.empty()) body["timezone"] = around.timezone;
  // As cron has it: side by side, no second try, nothing made up for, and no end to how long it takes.
  body["overlap"] = "allow";
  body["misfire"] = "skip";
  body["maxRetries"] = 0;
  body["timeout"] = std::chrono::milliseconds(std::chrono::hours(24 * 30)).count();
  return body;
}

}  // namespace taskd
