// The rooms between session and router.
#include <boost/json.hpp>

#include "middleware/access_log.hpp"
#include "middleware/authentication.hpp"
#include "middleware/error_wall.hpp"
#include "middleware/request_id.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

const Jwt::Seconds kNow{std::chrono::seconds(1'800'000'000)};

Response ask(const Handler& handler, const std::shared_ptr<Request>& request) {
  Response out;
  out.status = 0;
  handler(request, [&](Response response) { out = std::move(response); });
  return out;
}

Handler who() {
  return [](std::shared_ptr<Request> request, Reply reply) {
    Response response;
    response.body = request->identity ? request->identity->user : "nobody";
    reply(std::move(response));
  };
}

std::shared_ptr<const Jwt> make_jwt() {
  return std::make_shared<const Jwt>(JwtPolicy{Secret(std::string(32, 'k')), {}, {}, std::chrono::seconds(60)});
}

Handler guarded() {
  return with_identity(with_required_identity(who(), [](const Request& request) { return request.path == "/open"; }),
                       make_jwt(), [] { return kNow; });
}

std::shared_ptr<Request> request_with(std::string_view authorization, std::string path = "/api/tasks") {
  auto request = std::make_shared<Request>();
  request->path = std::move(path);
  request->id = "r";
  if (!authorization.empty()) request->headers.add("Authorization", authorization);
  return request;
}

}  // namespace

TEST_CASE("a good token lets its user in", "[middleware]") {
  const std::string token = make_jwt()->sign({"alice", Role::user}, kNow, kNow + std::chrono::hours(1));
  CHECK(ask(guarded(), request_with("Bearer " + token)).body == "alice");
  CHECK(ask(guarded(), request_with("bearer   " + token)).body == "alice");
}

TEST_CASE("without a good token there is a 401 that says how", "[middleware]") {
  const Response none = ask(guarded(), request_with(""));
  CHECK(none.status == 401);
  CHECK(none.headers.get("WWW-Authenticate") == "Bearer realm=\"taskd\"");
  for (const char* header : {"Bearer", "Bearer ", "Basic YTpi", "Bearer x.y.z"}) {
    const Response bad = ask(guarded(), request_with(header));
    CHECK(bad.status == 401);
    CHECK(bad.headers.get("WWW-Authenticate") == "Bearer realm=\"taskd\", error=\"invalid_token\"");
  }
  const std::string token = make_jwt()->sign({"alice", Role::user}, kNow, kNow + std::chrono::hours(1));
  auto twice = request_with("Bearer " + token);
  twice->headers.add("Authorization", "Bearer " + token);
  CHECK(ask(guarded(), twice).status == 401);
  CHECK(ask(guarded(), request_with("", "/open")).body == "nobody");
}

TEST_CASE("a sane request id is kept, another replaced, and either echoed", "[middleware]") {
  const Handler handler = with_request_id(who());
  auto request = request_with("");
  request->headers.add("X-Request-Id", "abc-1.2:3");
  CHECK(ask(handler, request).headers.get("X-Request-Id") == "abc-1.2:3");
  for (const std::string& bad : {std::string("a b"), std::string(129, 'x'), std::string("a\"b"), std::string()}) {
    auto odd = request_with("");
    odd->headers.add("X-Request-Id", bad);
    CHECK(ask(handler, odd).headers.get("X-Request-Id") == "r");
  }
}

TEST_CASE("an exception becomes a 500 with the request's id, and its reason goes to the log only", "[middleware]") {
  std::string logged;
  const Handler handler = with_error_wall(
      [](auto, Reply) { throw std::runtime_error("secret reason"); },
      [&](std::string_view id, std::string_view what) { logged = std::string(id) + ": " + std::string(what); });
  const Response response = ask(handler, request_with(""));
  CHECK(response.status == 500);
  CHECK(boost::json::parse(response.body).at("requestId") == "r");
  CHECK(response.body.find("secret") == std::string::npos);
  CHECK(logged == "r: secret reason");
}

TEST_CASE("a log line holds neither tokens nor queries", "[middleware]") {
  std::string line;
  const Handler handler =
      with_access_log(guarded(), [&](const AccessRecord& record) { line = format_access_line(record); });
  const std::string token = make_jwt()->sign({"alice", Role::user}, kNow, kNow + std::chrono::hours(1));
  auto request = request_with("Bearer " + token);
  request->query.add("access_token", "hidden");
  request->remote_address = "127.0.0.1";
  CHECK(ask(handler, request).status == 200);
  CHECK(line.rfind("GET /api/tasks 200 5B ", 0) == 0);
  CHECK(line.find("127.0.0.1 user=alice id=r") != std::string::npos);
  CHECK(line.find(token) == std::string::npos);
  CHECK(line.find("hidden") == std::string::npos);
}
