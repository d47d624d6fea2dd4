// Cross-origin calls, as a browser makes them.
#include "middleware/cors.hpp"

#include <utility>

#include "support/catch.hpp"

using namespace taskd;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Response ask(const std::vector<std::string>& origins, Method method, const Fields& fields) {
  const Handler handler = with_cors(
      [](auto, Reply reply) {
        Response response;
        response.status = 401;
        reply(std::move(response));
      },
      origins);
  auto request = std::make_shared<Request>();
  request->method = method;
  for (const auto& [name, value] : fields) request->headers.add(name, value);
  Response out;
  handler(request, [&](Response response) { out = std::move(response); });
  return out;
}

const std::vector<std::string> kOne{"https://a.example", "http://localhost:8080"};

}  // namespace

TEST_CASE("without the setting nothing is said about origins", "[cors]") {
  const Fields fields{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "GET"}};
  const Response response = ask({}, Method::options, fields);
  CHECK(response.status == 401);
  CHECK(response.headers.size() == 0);
}

TEST_CASE("pages of listed origins may read the answer, with the headers that matter", "[cors]") {
  for (const std::string& origin : kOne) {
    const Response response = ask(kOne, Method::get, {{"Origin", origin}});
    CHECK(response.status == 401);
    CHECK(response.headers.get("Access-Control-Allow-Origin") == origin);
    CHECK(response.headers.get("Access-Control-Expose-Headers") ==
          "ETag, Idempotency-Replayed, Location, Next-Cursor, Preference-Applied, RateLimit, RateLimit-Policy, "
          "Retry-After, X-Request-Id");
    CHECK(response.headers.get("Vary") == "Origin");
    CHECK_FALSE(response.headers.get("Access-Control-Allow-Credentials"));
  }
}

TEST_CASE("other origins are told nothing", "[cors]") {
  for (const std::string& origin : std::vector<std::string>{
           "https://b.example", "http://a.example", "https://a.example:443", "https://a.example.evil",
           "https://A.example", "https://a.example/", "null", "", "*", "https://x.a.example"}) {
    INFO(origin);
    const Response response = ask(kOne, Method::get, {{"Origin", origin}});
    CHECK_FALSE(response.headers.get("Access-Control-Allow-Origin"));
    CHECK(response.headers.get("Vary") == "Origin");
  }
  CHECK_FALSE(ask(kOne, Method::get, {}).headers.get("Access-Control-Allow-Origin"));
  const Fields twice{{"Origin", kOne[0]}, {"Origin", kOne[1]}};
  CHECK_FALSE(ask(kOne, Method::get, twice).headers.get("Access-Control-Allow-Origin"));
}

TEST_CASE("a star is for every origin but the null one", "[cors]") {
  CHECK(ask({"*"}, Method::get, {{"Origin", "https://b.example"}}).headers.get("Access-Control-Allow-Origin") == "*");
  CHECK_FALSE(ask({"*"}, Method::get, {{"Origin", "null"}}).headers.get("Access-Control-Allow-Origin"));
}

TEST_CASE("a preflight is answered without a token", "[cors]") {
  const auto preflight = [](const std::string& origin) {
    return ask(kOne, Method::options, {{"Origin", origin}, {"Access-Control-Request-Method", "PATCH"}});
  };
  const Response good = preflight(kOne[0]);
  CHECK(good.status == 204);
  CHECK(good.headers.get("Access-Control-Allow-Origin") == kOne[0]);
  CHECK(good.headers.get("Access-Control-Allow-Methods") == "GET, HEAD, POST, PUT, PATCH, DELETE");
  CHECK(good.headers.get("Access-Control-Allow-Headers")->find("Authorization") != std::string_view::npos);
  CHECK(good.headers.get("Access-Control-Max-Age") == "600");
  CHECK(good.headers.get("Vary")->starts_with("Origin"));
  const Response bad = preflight("https://b.example");
  CHECK(bad.status == 204);
  CHECK_FALSE(bad.headers.get("Access-Control-Allow-Origin"));
  CHECK_FALSE(bad.headers.get("Access-Control-Allow-Methods"));
  // OPTIONS alone is none.
  CHECK(ask(kOne, Method::options, {{"Origin", kOne[0]}}).status == 401);
}

TEST_CASE("an origin is a scheme, a host and a port", "[cors]") {
  for (const char* good : {"https://a", "http://a.example:80", "http://[::1]:3000"}) CHECK(is_origin(good));
  for (const char* bad : {"", "*", "null", "a.example", "https://", "https://a/", "https://a b", "ftp://a", "HTTPS://a",
                          "https://u@a", "https://a:b"}) {
    INFO(bad);
    CHECK_FALSE(is_origin(bad));
  }
}
