// Calendars and previews of schedules over REST.
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

constexpr std::string_view kRest = R"({"description":"d","weekdays":["saturday","sunday"],"dates":["2026-12-25"]})";
constexpr std::string_view kIcs =
    R"({"dates":["01-01"],"icalendar":"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\n)"
    R"(RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR"})";

std::string pointers(const json::value& body) {
  std::string out;
  for (const auto& error : body.at("errors").as_array()) out += error.at("pointer").as_string().c_str();
  return out;
}

}  // namespace

TEST_CASE("administrators put calendars, all read them", "[calendars]") {
  TestApp app;
  CHECK(app.call("alice", "PUT", "/api/calendars/rest", kRest).status == 403);
  const auto made = app.call("root:admin", "PUT", "/api/calendars/rest", kRest);
  REQUIRE(made.status == 200);
  CHECK(made.body.at("name") == "rest");
  CHECK(app.call("root:admin", "PUT", "/api/calendars/rest", made.text).status == 200);  // as it was read
  const auto read = app.get("alice", "/api/calendars/rest");
  CHECK(read.text == made.text);
  CHECK(app.get("alice", "/api/calendars").body.at("calendars").as_array().size() == 1);
  CHECK(app.get("alice", "/api/calendars/other").status == 404);
  CHECK(app.call("alice", "DELETE", "/api/calendars/rest").status == 403);
  REQUIRE(
      app.post("alice", "/api/tasks", R"({"id":"t","name":"T","schedule":"daily at 9:00","calendar":"rest"})").status ==
      201);
  CHECK(app.call("root:admin", "DELETE", "/api/calendars/rest").status == 409);
  REQUIRE(app.call("alice", "PATCH", "/api/tasks/t", R"({"calendar":null})").status == 200);
  CHECK(app.call("root:admin", "DELETE", "/api/calendars/rest").status == 204);
  CHECK(app.call("root:admin", "DELETE", "/api/calendars/rest").status == 404);
}

TEST_CASE("an iCalendar text becomes dates", "[calendars]") {
  TestApp app;
  const auto made = app.call("root:admin", "PUT", "/api/calendars/ics", kIcs);
  REQUIRE(made.status == 200);
  CHECK(made.body.at("dates") == json::value{"01-01", "12-25"});
}

TEST_CASE("what is wrong with a calendar is said field by field", "[calendars]") {
  TestApp app;
  const auto wrong = [&](std::string_view body, std::string_view name = "rest") {
    const auto answer = app.call("root:admin", "PUT", "/api/calendars/" + std::string(name), body);
    CHECK(answer.status == 422);
    return pointers(answer.body);
  };
  CHECK(wrong(R"({"dates":["x"],"weekdays":["y"]})") == "/weekdays/0/dates/0");
  CHECK(wrong(R"({"dates":"x","other":1})") == "/dates/other");
  CHECK(wrong(R"({"icalendar":"x"})") == "/icalendar");
  CHECK(wrong(R"({"icalendar":7})") == "/icalendar");
  CHECK(wrong(R"({"name":"b"})") == "/name");
  CHECK(wrong("{}", "a%20b") == "/name");
  CHECK(pointers(app.post("alice", "/api/tasks", R"({"name":"T","schedule":"daily at 9:00","calendar":"no"})").body) ==
        "/calendar");
}

TEST_CASE("a preview lists the next instants with what moved or dropped some", "[calendars]") {
  TestApp app;
  REQUIRE(app.call("root:admin", "PUT", "/api/calendars/rest", kRest).status == 200);
  const auto gap = app.get("alice",
                           "/api/schedules/next?schedule=daily%20at%202:30&timezone=Europe/Berlin&"
                           "from=2026-03-28T12:00:00Z&count=2");
  REQUIRE(gap.status == 200);
  CHECK(gap.body.at("description") == "at 02:30 every day, Europe/Berlin");
  const json::array& instants = gap.body.at("instants").as_array();
  REQUIRE(instants.size() == 2);
  CHECK(instants[0].at("at") == "2026-03-29T01:00:00.000Z");
  CHECK(instants[0].at("reason") == "after_gap");
  CHECK(instants[1].at("reason").is_null());

  const auto rest = app.get("alice",
                            "/api/schedules/next?schedule=0%209%20*%20*%20*&from=2026-12-24T12:00:00Z&count=1&"
                            "calendar=rest");
  REQUIRE(rest.status == 200);
  CHECK(rest.body.at("instants").at(0).at("at") == "2026-12-28T09:00:00.000Z");
  REQUIRE(rest.body.at("dropped").as_array().size() == 3);
  CHECK(rest.body.at("dropped").at(0).at("reason") == "closed_day");
}

TEST_CASE("what a preview cannot read is a 400 that names it", "[calendars]") {
  TestApp app;
  for (const char* query : {"", "?schedule=", "?schedule=nonsense", "?schedule=daily%20at%209:00&count=0",
                            "?schedule=daily%20at%209:00&count=1001", "?schedule=daily%20at%209:00&timezone=Mars/Base",
                            "?schedule=daily%20at%209:00&calendar=no", "?schedule=daily%20at%209:00&onClosedDay=maybe",
                            "?schedule=daily%20at%209:00&from=soon", "?schedule=daily%20at%209:00&other=1"}) {
    INFO(query);
    CHECK(app.get("alice", "/api/schedules/next" + std::string(query)).status == 400);
  }
  CHECK(app.get("alice", "/api/schedules/next?schedule=manual").body.at("instants").as_array().empty());
}
