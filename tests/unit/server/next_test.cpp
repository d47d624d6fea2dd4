// `taskd next`: text in, instants out.
#include "cli/next.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

json::value answer(std::string_view line) {
  return json::parse(answer_line(line, {.context = {}, .from = *taskcore::parse_time("2026-01-01T00:00:00Z")}));
}

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run(const NextCommand& command, const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_next(command, "UTC", in, out, err);
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("next prints one UTC instant a line", "[next]") {
  const auto told = run({"daily at 2:30", "Europe/Berlin", "2026-03-28T12:00:00Z", "2", false, false});
  CHECK(told.code == 0);
  CHECK(told.out == "2026-03-29T01:00:00Z\n2026-03-30T00:30:00Z\n");
}

TEST_CASE("every counts from the instant given", "[next]") {
  CHECK(run({"every 5 minutes", "", "2026-01-01T00:01:30Z", "2", false, false}).out ==
        "2026-01-01T00:06:30Z\n2026-01-01T00:11:30Z\n");
}

TEST_CASE("manual and spent schedules give none", "[next]") {
  CHECK(run({"manual", "", "2026-01-01T00:00:00Z", "3", false, false}).out.empty());
  CHECK(run({"at 2025-01-01T00:00:00Z", "", "2026-01-01T00:00:00Z", "3", false, false}).code == 0);
}

TEST_CASE("mistakes are one line and an exit code", "[next]") {
  for (const NextCommand& bad :
       {NextCommand{"now and then", "", "", "1", false, false},
        NextCommand{"daily at 9:00", "Mars", "", "1", false, false},
        NextCommand{"manual", "", "yesterday", "1", false, false}, NextCommand{"manual", "", "", "0", false, false},
        NextCommand{"manual", "", "", "10001", false, false}, NextCommand{"manual", "", "", "x", false, false}}) {
    const auto told = run(bad);
    CHECK(told.code == 2);
    CHECK(told.out.empty());
    CHECK(std::count(told.err.begin(), told.err.end(), '\n') == 1);
  }
}

TEST_CASE("a batch answers each line in order, garbage too", "[next]") {
  const auto told = run({"", "", "", "1", true, false},
                        "{\"schedule\":\"every 1 hour\",\"from\":\"2026-01-01T00:00:00Z\",\"count\":2}\nnonsense\n\n"
                        "{\"schedule\":null}\n");
  CHECK(told.code == 0);
  std::istringstream lines(told.out);
  std::string line;
  std::getline(lines, line);
  CHECK(json::parse(line) == json::parse(R"(["2026-01-01T01:00:00Z","2026-01-01T02:00:00Z"])"));
  std::getline(lines, line);
  CHECK(json::parse(line).as_object().contains("error"));
  std::getline(lines, line);
  CHECK(json::parse(line).as_object().contains("error"));
  std::getline(lines, line);
  CHECK(line == "[]");
}

TEST_CASE("a batch line is checked member by member", "[next]") {
  CHECK(answer(R"({"schedule":"every 1 day"})").as_array().size() == 1);
  for (const char* bad : {"[]", "{}", R"({"schedule":7})", R"({"schedule":"manual","count":0})",
                          R"({"schedule":"manual","count":"3"})", R"({"schedule":"manual","count":1.5})",
                          R"({"schedule":"manual","zone":"UTC"})", R"({"schedule":"manual","from":"soon"})",
                          R"({"schedule":"daily at 9:00","tz":"Nowhere"})", R"({"schedule":"a","schedule":"b"})"}) {
    INFO(bad);
    CHECK(answer(bad).as_object().contains("error"));
  }
}

TEST_CASE("a batch takes cron, too, and says where it is wrong", "[next]") {
  CHECK(answer(R"({"schedule":"30 2 * * *","tz":"Europe/Berlin","from":"2026-03-28T12:00:00Z","count":2})") ==
        json::parse(R"(["2026-03-29T01:00:00Z","2026-03-30T00:30:00Z"])"));
  CHECK(json::serialize(answer(R"({"schedule":"0 0 31 2 *"})")).find("at character 5") != std::string::npos);
}

TEST_CASE("next keeps to a calendar from a file", "[next]") {
  const auto file = std::filesystem::temp_directory_path() / ("taskd-next-" + std::to_string(::getpid()));
  NextCommand command{"daily at 9:00", "", "2026-12-24T00:00:00Z", "2", false, false, file.string(), ""};
  const auto run_with = [&](const char* text) {
    std::ofstream(file) << text;
    return run(command);
  };
  CHECK(run_with(R"({"dates":["12-24/12-26"]})").out == "2026-12-27T09:00:00Z\n2026-12-28T09:00:00Z\n");
  CHECK(run_with("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
            .out == "2026-12-25T09:00:00Z\n2026-12-26T09:00:00Z\n");
  for (const char* bad : {"", "[]", "BEGIN", R"({"dates":["24.12."]})", R"({"days":[]})"}) {
    INFO(bad);
    const auto told = run_with(bad);
    CHECK(told.code == 2);
    CHECK(told.err.find("--calendar: " + file.string() + ": ") != std::string::npos);
  }
  command.schedule = "0 9 24 12 *";
  command.on_closed_day = "next_working_day";
  CHECK(run_with(R"({"dates":["12-24/12-26"]})").out == "2026-12-27T09:00:00Z\n2027-12-27T09:00:00Z\n");
  command.batch = true;
  CHECK(run(command, R"({"schedule":"0 9 25 12 *","from":"2026-12-24T00:00:00Z"})").out ==
        "[\"2026-12-27T09:00:00Z\"]\n");
  std::filesystem::remove(file);
  CHECK(run(command).code == 2);
}

TEST_CASE("next explains itself where it is asked to", "[next]") {
  const auto told = run({"30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2", false, true});
  CHECK(told.code == 0);
  CHECK(told.out ==
        "at 02:30 every day, Europe/Berlin\n"
        "2026-03-29T01:00:00Z  2026-03-29 02:30 is skipped in Europe/Berlin: due at 03:00\n"
        "2026-03-30T00:30:00Z  2026-03-30 02:30 in Europe/Berlin\n");
  CHECK(run({"60 2 * * *", "", "", "1", false, true}).code == 2);
}
