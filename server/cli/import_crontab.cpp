// See import_crontab.hpp. What a crontab's line looks like is in crontab.hpp; here is what taskd makes of it.
#include "cli/import_crontab.hpp"

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>
#include <map>
#include <ostream>
#include <set>

#include "cli/crontab.hpp"
#include "taskcore/schedule.hpp"
#include "text/utf8.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kShell = "/bin/sh";

/// Says to cron, not to the command.
const std::set<std::string, std::less<>> kCronsOwn{
    "MAILTO", "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING", "RANDOM_DELAY", "CRONDARGS"};

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

class Import {
 public:
  Import(const ImportCrontabCommand& command, const std::string& default_timezone, std::ostream& out, std::ostream& err)
      : system_(command.system),
        timezone_(command.timezone),
        default_timezone_(default_timezone),
        out_(out),
        err_(err) {}

  void take(std::string_view line) {
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_crontab_comment(line)) return;
    if (!is_utf8(line) || line.find('\0') != std::string_view::npos) return refuse("is not UTF-8 text");
    if (const auto variable = read_crontab_variable(line)) return take(*variable);
    const auto entry = read_crontab_entry(line, system_);
    if (!entry) return refuse(entry.error().detail);
    take(*entry);
  }

  int exit_code() const { return failed_ ? kExitFailure : 0; }

 private:
  void tell(const std::string& what) { err_ << "taskd: line " << number_ << ": " << what << '\n'; }

  void refuse(const std::string& why) {
    failed_ = true;
    tell(why);
  }

  void take(const CrontabVariable& variable) {
    if (variable.name.empty()) return refuse("has a variable without a name");
    if (variable.name == "CRON_TZ") {
      timezone_ = variable.value;
    } else if (kCronsOwn.count(variable.name) > 0) {
      tell("note: " + variable.name + " is not taken over; output is kept in the log of each run");
    } else {
      variables_[variable.name] = variable.value;
    }
  }

  void take(const CrontabEntry& entry) {
    taskcore::ScheduleContext context;
    context.timezone = timezone_.empty() ? default_timezone_ : timezone_;
    const auto schedule = taskcore::Schedule::parse(entry.schedule, context);
    if (!schedule) return refuse(schedule.error().fields.front().detail);
    json::object body;
    body["name"] = task_name(entry.command);
    body["description"] = "Line " + std::to_string(number_) + " of a crontab" +
                          (system_ ? ", there as user " + std::string(entry.user) : std::string());
    body["type"] = "script";
    body["config"] = config(entry);
    body["schedule"] = schedule->text();
    if (!timezone_.empty()) body["timezone"] = timezone_;
    // As cron has it: side by side, no second try, nothing made up for, and no end to how long it takes.
    body["overlap"] = "allow";
    body["misfire"] = "skip";
    body["maxRetries"] = 0;
    body["timeout"] = std::chrono::milliseconds(std::chrono::hours(24 * 30)).count();
    if (system_ && users_.insert(std::string(entry.user)).second) {
      tell("note: the task runs as taskd's own user, not as " + std::string(entry.user));
    }
    out_ << json::serialize(body) << '\n';
  }

  json::object config(const CrontabEntry& entry) const {
    std::string command;
    json::object environment;
    for (const auto& [name, value] : variables_) {
      if (is_set_by_command(name)) {
        command += name + "=" + in_shell_quotes(value) + "; export " + name + "; ";
      } else {
        environment[name] = value;
      }
    }
    command += entry.command;
    json::object out;
    const auto shell = variables_.find("SHELL");
    if (shell == variables_.end() || shell->second == kShell) {
      out["command"] = command;
      out["shell"] = true;
    } else {
      out["command"] = shell->second;
      out["args"] = json::array{"-c", command};
    }
    if (const auto home = variables_.find("HOME"); home != variables_.end()) out["cwd"] = home->second;
    if (!environment.empty()) out["env"] = std::move(environment);
    if (entry.input) out["stdin"] = *entry.input;
    return out;
  }

  bool system_;
  std::string timezone_;
  std::string default_timezone_;
  std::ostream& out_;
  std::ostream& err_;
  std::size_t number_ = 0;
  bool failed_ = false;
  std::map<std::string, std::string, std::less<>> variables_;
  std::set<std::string> users_;
};

}  // namespace

int import_crontab(std::istream& in, const ImportCrontabCommand& command, const std::string& default_timezone,
                   std::ostream& out, std::ostream& err) {
  Import import(command, default_timezone, out, err);
  for (std::string line; std::getline(in, line);) import.take(line);
  out.flush();
  return import.exit_code();
}

int run_import_crontab(const ImportCrontabCommand& command, const std::string& default_timezone, std::istream& in,
                       std::ostream& out, std::ostream& err) {
  if (command.file == "-") return import_crontab(in, command, default_timezone, out, err);
  errno = 0;
  std::ifstream file(command.file);
  if (!file || file.peek() == std::ifstream::traits_type::eof()) {
    if (errno != 0) {
      err << "taskd: cannot read \"" << command.file << "\": " << std::strerror(errno) << '\n';
      return kExitFailure;
    }
  }
  return import_crontab(file, command, default_timezone, out, err);
}

}  // namespace taskd
