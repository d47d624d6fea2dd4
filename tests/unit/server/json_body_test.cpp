// Strict JSON, and bodies.
#include "http/json_body.hpp"

#include <boost/json.hpp>

#include "http/strict_json.hpp"
#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

Request with_body(std::string body, std::string_view type = "application/json") {
  Request request;
  request.body = std::move(body);
  if (!type.empty()) request.headers.add("Content-Type", type);
  return request;
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("good JSON is read as Boost.JSON reads it", "[json]") {
  for (
      const char* text :
      {R"({"a":{"a":1},"b":[{"a":2},{"a":3}],"c":"\u00fc\n","d":1.5,"e":-7,"f":18446744073709551615,"g":null,"h":true})",
       "[]", "7", R"("x")", "  {} \r\n", "null"}) {
    INFO(text);
    const auto value = parse_strict_json(text);
    REQUIRE(value.has_value());
    CHECK(*value == json::parse(text));
  }
}

TEST_CASE("long keys and strings that come in parts stay whole", "[json]") {
  const std::string key(5000, 'k');
  const std::string text = "{\"" + key + "\\u0041\":\"" + key + "\\n\"}";
  const auto value = parse_strict_json(text);
  REQUIRE(value.has_value());
  CHECK(value->as_object().begin()->key() == key + "A");
}

TEST_CASE("duplicate keys are refused at any depth", "[json]") {
  for (const char* text : {R"({"a":1,"a":1})", R"({"x":{"a":1,"b":2,"a":3}})", R"([{"a":1,"\u0061":2}])",
                           R"({"a":{"b":1},"c":2,"a":[]})"}) {
    INFO(text);
    const auto value = parse_strict_json(text);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().detail == "duplicate key \"a\"");
  }
}

TEST_CASE("what is not JSON is refused", "[json]") {
  for (const char* text : {"", " ", "{", "{}x", "{} {}", "[1,]", "{a:1}", "'x'", "NaN", "01", "1e999", "\"\xff\"",
                           "\"\xc0\xaf\"", "\"\\ud800\"", "// c\n1", "\xEF\xBB\xBF{}", "\"\n\""}) {
    INFO(text);
    CHECK_FALSE(parse_strict_json(text).has_value());
  }
  CHECK(parse_strict_json(nested(32)).has_value());
  const auto deep = parse_strict_json(nested(33));
  REQUIRE_FALSE(deep.has_value());
  CHECK(deep.error().detail == "nested deeper than 32 levels");
}

TEST_CASE("the content type must be JSON", "[json]") {
  CHECK(json_body(with_body("{}")).has_value());
  CHECK(json_body(with_body("{}", "Application/JSON; charset=utf-8")).has_value());
  CHECK(json_body(with_body("{}", "application/merge-patch+json")).has_value());
  for (const char* type :
       {"", "text/plain", "application/jsonx", "application/x-www-form-urlencoded", "application/+json"}) {
    INFO(type);
    const auto outcome = json_body(with_body("{}", type));
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().status == 415);
  }
}

TEST_CASE("a fault is told with its place", "[json]") {
  const auto outcome = json_body(with_body("{\n  \"a\": tru\n}"));
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().status == 400);
  CHECK(outcome.error().detail.find("line 2, column ") != std::string::npos);
}

TEST_CASE("objects are demanded where objects are meant", "[json]") {
  CHECK(json_object_body(with_body("[]")).error().status == 422);
  CHECK(json_object_body(with_body("")).error().status == 400);
  REQUIRE(optional_json_object_body(with_body("", "")).has_value());
  CHECK(optional_json_object_body(with_body("", ""))->empty());
  CHECK(optional_json_object_body(with_body("{\"a\":1}"))->size() == 1);
}
