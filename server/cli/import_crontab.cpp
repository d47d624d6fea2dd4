// See import_crontab.hpp. What a crontab's line looks like is in crontab.hpp; what becomes of it in crontab_task.hpp.
#include "cli/import_crontab.hpp"

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>
#include <ostream>
#include <set>

#include "cli/crontab_task.hpp"
#include "taskcore/schedule.hpp"
#include "text/utf8.hpp"

namespace taskd {

namespace {

/// Says to cron, not to the command.
const std::set<std::string, std::less<>> kCronsOwn{
    "MAILTO", "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING", "RANDOM_DELAY", "CRONDARGS"};

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
    out_ << boost::json::serialize(crontab_task(entry, *schedule, {number_, timezone_, variables_})) << '\n';
    if (system_ && users_.insert(std::string(entry.user)).second) {
      tell("note: the task runs as taskd's own user, not as " + std::string(entry.user));
    }
  }

  bool system_;
  std::string timezone_;
  std::string default_timezone_;
  std::ostream& out_;
  std::ostream& err_;
  std::size_t number_ = 0;
  bool failed_ = false;
  CrontabVariables variables_;
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
