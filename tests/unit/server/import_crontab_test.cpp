// `taskd import-crontab`: a crontab in, task bodies out.
#include "cli/import_crontab.hpp"

#include <boost/json.hpp>
#include <sstream>
#include <vector>

#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

struct Imported {
  int code;
  std::vector<json::object> tasks;
  std::string told;
};

Imported import(const std::string& crontab, bool system = false, const std::string& timezone = {}) {
  std::istringstream in(crontab);
  std::ostringstream out;
  std::ostringstream err;
  Imported imported{import_crontab(in, {"", timezone, system}, "UTC", out, err), {}, err.str()};
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) imported.tasks.push_back(json::parse(line).as_object());
  return imported;
}

json::value config(const std::string& line) { return import(line).tasks.at(0).at("config"); }

}  // namespace

TEST_CASE("each line of a crontab becomes the body of a task", "[crontab]") {
  const auto imported = import("# nightly\n\n  30 2 * * 1-5\t/usr/bin/backup --all  \r\n@daily  clean\n");
  CHECK(imported.code == 0);
  CHECK(imported.told.empty());
  REQUIRE(imported.tasks.size() == 2);
  CHECK(json::value(imported.tasks[0]) == json::parse(R"({
    "name": "/usr/bin/backup --all", "description": "Line 3 of a crontab", "type": "script",
    "config": {"command": "/usr/bin/backup --all", "shell": true}, "schedule": "30 2 * * 1-5",
    "overlap": "allow", "misfire": "skip", "maxRetries": 0, "timeout": 2592000000})"));
  CHECK(imported.tasks[1].at("schedule") == "@daily");
}

TEST_CASE("variables go into the environment of what comes after them", "[crontab]") {
  const auto imported = import(
      "0 1 * * * first\nA=1\nB = \"two  words\" \nPATH=/opt/bin:/usr/bin\n0 2 * * * second\nA=3\n0 3 * * * third\n");
  REQUIRE(imported.tasks.size() == 3);
  CHECK_FALSE(imported.tasks[0].at("config").as_object().contains("env"));
  const auto& second = imported.tasks[1].at("config").as_object();
  CHECK(second.at("env") == json::parse(R"({"A": "1", "B": "two  words"})"));
  CHECK(second.at("command") == "PATH='/opt/bin:/usr/bin'; export PATH; second");
  CHECK(imported.tasks[2].at("config").at("env").at("A") == "3");
  CHECK(imported.tasks[1].at("name") == "second");
}

TEST_CASE("another shell runs the command, home is where it runs, and the zone is the schedule's", "[crontab]") {
  const auto imported = import("SHELL=/bin/bash\nHOME=/srv\nCRON_TZ=Europe/Berlin\nMAILTO=root\n0 9 * * * a | b\n");
  CHECK(imported.code == 0);
  CHECK(imported.told == "taskd: line 4: note: MAILTO is not taken over; output is kept in the log of each run\n");
  REQUIRE(imported.tasks.size() == 1);
  const auto& task = imported.tasks[0];
  CHECK(task.at("timezone") == "Europe/Berlin");
  CHECK(task.at("config").at("command") == "/bin/bash");
  CHECK(task.at("config").at("args") == json::parse(R"(["-c", "a | b"])"));
  CHECK(task.at("config").at("cwd") == "/srv");
  CHECK(import("0 9 * * * a", false, "Asia/Tokyo").tasks.at(0).at("timezone") == "Asia/Tokyo");
}

TEST_CASE("what follows a percent sign is standard input, line by line", "[crontab]") {
  CHECK(config("0 9 * * * cat%one%two") == json::parse(R"({"command": "cat", "shell": true, "stdin": "one\ntwo\n"})"));
  CHECK(config("0 9 * * * date +\\%F") == json::parse(R"({"command": "date +%F", "shell": true})"));
  CHECK(config("0 9 * * * printf 'a\\n'%5\\% off\\n").at("command") == "printf 'a\\n'");
  CHECK(config("0 9 * * * printf 'a\\n'%5\\% off\\n").at("stdin") == "5% off\\n\n");
}

TEST_CASE("the system's crontab has a column of users", "[crontab]") {
  const auto imported = import("17 * * * *\troot    cd / && run-parts /etc/cron.hourly\n0 1 * * * root b\n", true);
  CHECK(imported.code == 0);
  REQUIRE(imported.tasks.size() == 2);
  CHECK(imported.tasks[0].at("config").at("command") == "cd / && run-parts /etc/cron.hourly");
  CHECK(imported.tasks[0].at("description") == "Line 1 of a crontab, there as user root");
  CHECK(imported.told == "taskd: line 1: note: the task runs as taskd's own user, not as root\n");
}

TEST_CASE("lines that cannot be read are named, and the others are still taken", "[crontab]") {
  struct Case {
    const char* line;
    const char* told;
  };
  const auto& [line, told] = GENERATE(values<Case>({
      {"99 * * * * a", "line 2: at character 1, \"99\""},
      {"  0 0 31 2 * a", "line 2: at character 7, \"31\""},
      {"@reboot a", "line 2: at character 1, \"@reboot\""},
      {"0 9 * *", "line 2: has no schedule of five fields"},
      {"0 9 * * *", "line 2: has no command"},
      {"@daily", "line 2: has no command"},
      {"0 9 * * * %input", "line 2: has no command before the %"},
      {"0 9 * * * \xff", "line 2: is not UTF-8 text"},
      {"just words that are not five then more", "line 2: "},
      {"\"\"=a", "line 2: has a variable without a name"},
  }));
  INFO(line);
  const auto imported = import(std::string("0 1 * * * before\n") + line + "\n0 2 * * * after");
  CHECK(imported.code == 1);
  CHECK(imported.tasks.size() == 2);
  INFO(imported.told);
  CHECK(imported.told.find(told) != std::string::npos);
}

TEST_CASE("a wrong zone spoils the lines after it", "[crontab]") {
  const auto imported = import("CRON_TZ=Mars/Olympus\n0 1 * * * a\n");
  CHECK(imported.code == 1);
  CHECK(imported.tasks.empty());
  CHECK(imported.told.find("line 2: there is no time zone") != std::string::npos);
}

TEST_CASE("a long command is cut between characters for the name", "[crontab]") {
  std::string command;
  for (int i = 0; i < 101; ++i) command += "\xc3\xa4";
  const auto imported = import("0 1 * * * x" + command + "\n");
  REQUIRE(imported.tasks.size() == 1);
  CHECK(imported.tasks[0].at("name").as_string() == "x" + command.substr(0, 198));
}

TEST_CASE("a file that cannot be read is one line and exit code 1", "[crontab]") {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_import_crontab({"/nowhere/crontab", "", false}, "UTC", in, out, err) == 1);
  CHECK(err.str().find("/nowhere/crontab") != std::string::npos);
  CHECK(run_import_crontab({"/", "", false}, "UTC", in, out, err) == 1);
  CHECK(run_import_crontab({"/dev/null", "", false}, "UTC", in, out, err) == 0);
}
