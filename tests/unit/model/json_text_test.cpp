// JSON as stored text.
#include "model/json_text.hpp"

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "taskcore/random.hpp"

using namespace taskcore;
namespace json = boost::json;

TEST_CASE("whatever JSON is read is what was written") {
  const json::value value = json::parse(
      R"({"a": [1, -2, 18446744073709551615, 0.5, 1e300, true, false, null, "x\u0000\n\"\u20ac"], "b": {"": {}}, "c": []})");
  CHECK(parse_json(json::serialize(value)).value() == value);
}

TEST_CASE("every finite fraction is read to its last bit") {
  const auto random = seeded_random(3);
  int checked = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::bit_cast<double>(random->next());
    if (!std::isfinite(number)) continue;
    ++checked;
    if (parse_json(json::serialize(json::array{number})).value().at(0).as_double() != number) FAIL(number);
  }
  CHECK(checked > 19'000);
}

TEST_CASE("what is not one JSON value is refused as corrupt") {
  for (const char* text : {"", "{", "[1,]", "1 2", "nul", "\"\xFF\"", "NaN", "{\"a\" 1}", "1e999", "'a'"}) {
    INFO(text);
    const auto value = parse_json(text);
    REQUIRE_FALSE(value);
    CHECK(value.error().code == Errc::corrupt);
  }
}

TEST_CASE("what was stored is read whole, and no text is null") {
  CHECK(parse_stored("").is_null());
  CHECK(parse_stored("[1").is_null());
  const std::string deep = std::string(40, '[') + std::string(40, ']');  // items of items
  CHECK(json::serialize(parse_stored(deep)) == deep);
}

TEST_CASE("stored text may be deeper than what is let in, but not without end") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  CHECK(parse_json(nested(2 * kMaxJsonDepth)));
  CHECK_FALSE(parse_json(nested(2 * kMaxJsonDepth + 1)));
  CHECK_FALSE(parse_json(nested(100'000)));
}

TEST_CASE("a flaw is named where it stands") {
  CHECK_FALSE(json_flaw(json::parse(R"({"a": [1.5, "text", null]})"), ""));
  const json::value flawed{{"a/b", {1, {{"c~d", "\xFF"}}}}};
  const auto flaw = json_flaw(flawed, "/config");
  REQUIRE(flaw);
  CHECK(flaw->pointer == "/config/a~1b/1/c~0d");
  CHECK(flaw->detail == "must be valid UTF-8");
  CHECK(json_flaw(json::value(std::numeric_limits<double>::quiet_NaN()), "/x")->pointer == "/x");
}

TEST_CASE("how long a text is, is told exactly at the limit") {
  json::object object{
      {"key", "a \"text\"\n\x01"}, {"list", {1, -1.5, nullptr, true, std::uint64_t(-1)}}, {"in", {{"a", "b"}}}};
  const std::size_t size = json::serialize(object).size();
  CHECK(is_longer_than(object, size - 1));
  CHECK_FALSE(is_longer_than(object, size));
  CHECK_FALSE(is_longer_than(object, 100 * size));
}
