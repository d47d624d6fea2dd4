// Targets and routes.
#include "http/router.hpp"

#include "support/catch.hpp"

using namespace taskd;

namespace {

std::shared_ptr<Request> request_for(Method method, std::string_view target) {
  auto request = std::make_shared<Request>();
  auto parsed = parse_target(target);
  REQUIRE(parsed);
  request->method = method;
  request->path = parsed->path;
  request->segments = parsed->segments;
  request->query = parsed->query;
  request->id = "r1";
  return request;
}

Handler named(const std::string& name) {
  return [name](std::shared_ptr<Request> request, Reply reply) {
    Response response;
    response.body = name;
    for (const auto& [key, value] : request->params) response.body += " " + std::string(key) + "=" + std::string(value);
    reply(std::move(response));
  };
}

Router make_router() {
  Router router;
  router.add(Method::get, "/api/tasks", named("list"));
  router.add(Method::post, "/api/tasks", named("create"));
  router.add(Method::post, "/api/tasks:batch", named("batch"));
  router.add(Method::get, "/api/tasks/:id", named("get"));
  router.add(Method::get, "/api/tasks/stats", named("stats"));
  router.add(Method::remove, "/api/tasks/:id", named("delete"));
  router.add(Method::get, "/api/tasks/:id/runs/:run", named("run"));
  return router;
}

Response ask(Method method, std::string_view target) {
  static const Router router = make_router();
  Response out;
  router.handle(request_for(method, target), [&](Response response) { out = std::move(response); });
  return out;
}

}  // namespace

TEST_CASE("a path finds its route and its parts", "[router]") {
  CHECK(ask(Method::get, "/api/tasks").body == "list");
  CHECK(ask(Method::post, "/api/tasks").body == "create");
  CHECK(ask(Method::post, "/api/tasks:batch").body == "batch");
  CHECK(ask(Method::get, "/api/tasks/a.b:c").body == "get id=a.b:c");
  CHECK(ask(Method::get, "/api/tasks/stats").body == "stats");
  CHECK(ask(Method::get, "/api/tasks/a/runs/7?x=1").body == "run id=a run=7");
}

TEST_CASE("segments are decoded after splitting", "[router]") {
  CHECK(ask(Method::get, "/api/tasks/a%2Fb%20c").body == "get id=a/b c");
  CHECK(ask(Method::get, "/api/t%61sks/x").body == "get id=x");
}

TEST_CASE("HEAD goes where GET goes", "[router]") { CHECK(ask(Method::head, "/api/tasks").body == "list"); }

TEST_CASE("an unknown path is 404, an unknown method 405 with Allow", "[router]") {
  for (const char* path :
       {"/", "/api", "/api/tasks/", "/api//tasks", "/api/tasks/a/runs", "/API/tasks", "/api/tasks/a/runs/"}) {
    INFO(path);
    CHECK(ask(Method::get, path).status == 404);
  }
  const Response wrong = ask(Method::put, "/api/tasks");
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.get("allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(ask(Method::other, "/api/tasks").status == 405);
  const Response options = ask(Method::options, "/api/tasks/x");
  CHECK(options.status == 204);
  CHECK(options.headers.get("Allow") == "GET, HEAD, DELETE, OPTIONS");
}

TEST_CASE("a query keeps order and repetitions", "[target]") {
  const auto target = parse_target("/a?x=1&y=a+b%2B&x=2&z&&w=");
  REQUIRE(target);
  REQUIRE(target->query.items().size() == 5);
  CHECK(target->query.get("x") == "1");
  CHECK(target->query.count("x") == 2);
  CHECK(target->query.get("y") == "a b+");
  CHECK(target->query.get("z") == "");
  CHECK(target->query.get("w") == "");
  CHECK_FALSE(target->query.get("nope"));
}

TEST_CASE("a dirty target is refused", "[target]") {
  for (const char* bad : {"", "a", "/%", "/%2", "/%zz", "/a?b=%g1", "/%00", "/a%0a", "/%ff", "/%c0%af", "/%ed%a0%80",
                          "/a#b", "/?=1", "http://host?x"}) {
    INFO(bad);
    CHECK_FALSE(parse_target(bad));
  }
  CHECK(parse_target("*"));
  REQUIRE(parse_target("http://host:80/a/b?c=d"));
  CHECK(parse_target("http://host:80/a/b?c=d")->path == "/a/b");
  CHECK(parse_target("http://host")->path == "/");
  CHECK(parse_target("/%C3%BC")->segments == std::vector<std::string>{"ü"});
}

TEST_CASE("percent encoding and decoding are inverse", "[target]") {
  const std::string text = "a/b c%~ü?";
  CHECK(percent_decode(percent_encode(text)) == text);
  CHECK(percent_encode("a b/") == "a%20b%2F");
}

TEST_CASE("header names do not mind case, and set replaces all", "[headers]") {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("X-One", "1");
  headers.add("accept", "b");
  CHECK(headers.get("ACCEPT") == "a");
  CHECK(headers.count("Accept") == 2);
  headers.set("aCCept", "c");
  CHECK(headers.count("Accept") == 1);
  CHECK(headers.get("accept") == "c");
  CHECK(headers.size() == 2);
  CHECK_FALSE(headers.get("none"));
}

TEST_CASE("a request knows the pattern of the route that took it", "[router]") {
  const Router router = make_router();
  const auto route_of = [&router](Method method, std::string_view target) {
    const auto request = request_for(method, target);
    router.handle(request, [](Response) {});
    return std::string(request->route);
  };
  CHECK(route_of(Method::get, "/api/tasks/a") == "/api/tasks/:id");
  CHECK(route_of(Method::remove, "/api/tasks/%3aid") == "/api/tasks/:id");
  CHECK(route_of(Method::put, "/api/tasks/stats") == "/api/tasks/stats");
  CHECK(route_of(Method::get, "/api/nothing").empty());
}
