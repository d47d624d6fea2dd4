// How a client tells of failures: exit codes and lines.
#include "client/failure.hpp"

#include <sstream>

#include "client/api_client.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

std::string told(const Failure& failure, std::string_view subject = {}) {
  std::ostringstream err;
  print_failure(err, failure, subject);
  return err.str();
}

}  // namespace

TEST_CASE("a refusal is 3, a server that cannot is 4", "[client]") {
  CHECK(failure_of(404, "").exit_code == kExitRefused);
  CHECK(failure_of(429, "").exit_code == kExitRefused);
  CHECK(failure_of(302, "").exit_code == kExitRefused);
  CHECK(failure_of(500, "").exit_code == kExitUnavailable);
  CHECK(failure_of(503, "").exit_code == kExitUnavailable);
  CHECK(interrupted().exit_code == kExitInterrupted);
}

TEST_CASE("a problem is told field by field, under the name of its task", "[client]") {
  const auto failure = failure_of(422, R"({"detail":"two are wrong","errors":[
      {"pointer":"/name","detail":"is required"},{"pointer":"","detail":"is odd"}]})");
  CHECK(told(failure, "task \"a\"") == "taskd: task \"a\": /name: is required\ntaskd: task \"a\": is odd\n");
  CHECK(told(failure_of(404, R"({"detail":"There is no task \"x\"."})")) == "taskd: There is no task \"x\".\n");
}

TEST_CASE("an answer that is no problem document is told by its status", "[client]") {
  CHECK(told(failure_of(502, "<html>")) == "taskd: the answer was 502 Bad Gateway\n");
  CHECK(told(failure_of(301, "")).find("TASK_URL") != std::string::npos);
  CHECK(told(failure_of(400, R"({"errors":7})")) == "taskd: the answer was 400 Bad Request\n");
}

TEST_CASE("what a server says does nothing to the terminal", "[client]") {
  CHECK(told(failure_of(400, "{\"detail\":\"\\u001b[2J\"}")) == "taskd: \\x1b[2J\n");
}

TEST_CASE("what would happen to every task alike is general", "[client]") {
  CHECK(failure_of(401, "").is_general());
  CHECK(failure_of(503, "").is_general());
  CHECK(interrupted().is_general());
  CHECK_FALSE(failure_of(403, "").is_general());
  CHECK_FALSE(failure_of(422, "").is_general());
}

TEST_CASE("ids and parameters are escaped in a target", "[client]") {
  CHECK(path_of("a b/c") == "/api/tasks/a%20b%2Fc");
  CHECK(path_of("run_12") == "/api/runs/run_12");
  CHECK(path_of("run_tests") == "/api/tasks/run_tests");
  CHECK(path_of("run_") == "/api/tasks/run_");
  CHECK(query({{"q", "a&b"}, {"tag", ""}, {"limit", "5"}}) == "?q=a%26b&limit=5");
  CHECK(query({{"q", ""}}).empty());
}
