// Problems, and what library errors become.
#include "http/problem.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"
#include "taskcore/result.hpp"

using namespace taskd;
using taskcore::Errc;
namespace json = boost::json;

TEST_CASE("a problem is a document of RFC 9457", "[problem]") {
  const Response response = to_response(field_problem("/retry/maxDelay", "must be a number"), "req-1");
  CHECK(response.status == 422);
  CHECK(response.headers.get("Content-Type") == "application/problem+json");
  const json::value body = json::parse(response.body);
  CHECK(body.at("type") == "about:blank");
  CHECK(body.at("title") == "Unprocessable Content");
  CHECK(body.at("status") == 422);
  CHECK(body.at("requestId") == "req-1");
  CHECK(body.at("errors") == json::parse(R"([{"pointer":"/retry/maxDelay","detail":"must be a number"}])"));
}

TEST_CASE("a problem without wrong fields has no errors member", "[problem]") {
  const Response response = to_response(make_problem(404, "No."), "x");
  CHECK_FALSE(json::parse(response.body).as_object().contains("errors"));
}

TEST_CASE("library errors have their statuses", "[problem]") {
  const auto status = [](Errc code) { return to_problem(taskcore::fail(code, "why")).status; };
  CHECK(status(Errc::invalid) == 422);
  CHECK(status(Errc::not_found) == 404);
  for (const Errc code : {Errc::conflict, Errc::cycle, Errc::has_dependents, Errc::stale}) CHECK(status(code) == 409);
  for (const Errc code : {Errc::overloaded, Errc::unavailable, Errc::stopped, Errc::storage_full, Errc::locked}) {
    const Problem problem = to_problem(taskcore::fail(code, "why"));
    CHECK(problem.status == 503);
    CHECK(problem.headers.get("Retry-After"));
  }
  CHECK(status(Errc::internal) == 500);
  CHECK(status(Errc::would_deadlock) == 500);
}

TEST_CASE("a defect's detail stays inside", "[problem]") {
  const Response response = to_response(to_problem(taskcore::fail(Errc::internal, "secret path")), "x");
  CHECK(response.body.find("secret path") == std::string::npos);
}

TEST_CASE("a store in trouble is told in words without its path", "[problem]") {
  const auto detail = [](Errc code) { return to_problem(taskcore::fail(code, "/data/tasks.db: why")).detail; };
  CHECK(detail(Errc::storage_full).rfind("The disk is full", 0) == 0);
  CHECK(detail(Errc::corrupt) == "The store is damaged.");
  for (const Errc code : {Errc::unavailable, Errc::locked})
    CHECK(detail(code) == "The store cannot be used at present.");
}

TEST_CASE("every wrong field is told", "[problem]") {
  taskcore::Error error = taskcore::invalid("/name", "is missing");
  error.fields.push_back({"/type", "is unknown"});
  const Response response = to_response(to_problem(error), "x");
  CHECK(json::parse(response.body).at("errors").as_array().size() == 2);
}
