// What DEBUG switches on, and the log's lines as JSON.
#include "log.hpp"

#include <boost/json.hpp>
#include <vector>

#include "middleware/access_log.hpp"
#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

json::value line(std::string_view message, const json::object& fields = {}) {
  const std::string text = json_line(taskcore::TimePoint(std::chrono::seconds(1'800'000'000)), taskcore::LogLevel::warn,
                                     "http", message, fields);
  CHECK(text.find('\n') == std::string::npos);
  return json::parse(text);
}

}  // namespace

TEST_CASE("DEBUG names components, with stars, commas, blanks and exclusions", "[log]") {
  struct Case {
    const char* debug;
    const char* name;
    bool matches;
  };
  const std::vector<Case> cases{{"task:*", "task:http", true},
                                {"task:http", "task:http", true},
                                {"task:http", "task:httpd", false},
                                {"task:http", "task:engine", false},
                                {"task:h*p", "task:http", true},
                                {"*:http", "task:http", true},
                                {"*", "task:http", true},
                                {"**t*", "task:http", true},
                                {"a,task:http", "task:http", true},
                                {"a  task:http,", "task:http", true},
                                {"task:*,-task:http", "task:http", false},
                                {"-task:http task:*", "task:http", false},
                                {"task:*,-task:http", "task:engine", true},
                                {"*,-task:*", "task:http", false},
                                {"-task:http", "task:engine", false},
                                {"task", "task:http", false},
                                {"task*", "task:http", true},
                                {"express:*", "task:http", false},
                                {",,", "task:http", false},
                                {"", "task:http", false}};
  for (const Case& each : cases) {
    INFO(each.debug << " " << each.name);
    CHECK(DebugNames(each.debug).match(each.name) == each.matches);
  }
}

TEST_CASE("a line is one JSON object", "[log]") {
  CHECK(line("a \"b\"\nc") ==
        json::parse(R"({"time":"2027-01-15T08:00:00.000Z","level":"warn","component":"http","message":"a \"b\"\nc"})"));
  const json::value more =
      line("request", {{"status", 200}, {"user", "alice"}, {"level", "a field cannot pose as it"}});
  CHECK(more.at("status") == 200);
  CHECK(more.at("user") == "alice");
  CHECK(more.at("level") == "warn");
}

TEST_CASE("what is no UTF-8 does not spoil a line", "[log]") {
  const json::value odd = line("a\xff", {{"path", "/\xc3("}});
  CHECK(odd.at("message") == "a?");
  CHECK(odd.at("path") == "/?(");
  CHECK(line("\xc3\xa4").at("message") == "\xc3\xa4");
}

TEST_CASE("an access line has fields in place of a sentence, and neither token nor query among them", "[log]") {
  AccessRecord record;
  record.method = "GET";
  record.path = "/api/tasks/a";
  record.route = "/api/tasks/:id";
  record.status = 200;
  record.body_size = 12;
  record.duration = std::chrono::microseconds(1500);
  record.remote_address = "127.0.0.1";
  record.request_id = "r";
  json::object expected{
      {"method", "GET"}, {"path", "/api/tasks/a"}, {"route", "/api/tasks/:id"},    {"status", 200},
      {"bytes", 12},     {"durationMs", 1.5},      {"remoteAddress", "127.0.0.1"}, {"requestId", "r"}};
  CHECK(access_fields(record) == expected);
  record.user = "alice";
  expected["user"] = "alice";
  CHECK(access_fields(record) == expected);
}
