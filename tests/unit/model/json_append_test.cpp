// JSON behind a text, beside what Boost.JSON makes of the same values.
#include "model/json_append.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "support/catch.hpp"

namespace taskcore {

TEST_CASE("what is appended is what Boost.JSON serializes") {
  const auto* const text =
      GENERATE("null", "true", "false", "0", "-9223372036854775808", "18446744073709551615", "1.5", "-1e300", R"("")",
               R"("plain")", R"("\"\\\/\b\f\n\r\t\u0000\u001f\u007f")", R"("\u00e4\u20ac\ud83d\ude00")", "[]", "{}",
               "[[],[[]],{}]", R"({"a":1,"b":[1,"[","{",null,{"c\n":{"":[]}}],"d":"}"})");
  const auto value = boost::json::parse(text);
  std::string out = "before";
  append_json(out, value);
  CHECK(out == "before" + boost::json::serialize(value));
}

TEST_CASE("each byte of a text is escaped as Boost.JSON does, wherever it stands") {
  for (int c = 0; c < 128; ++c) {
    for (std::size_t at = 0; at < 18; ++at) {
      std::string text = "\xc3\xbf ~!#[]\x20\xef\xbf\xbf|^aZ09";
      text[at] = static_cast<char>(c);
      std::string out;
      append_json(out, text);
      CHECK(out == boost::json::serialize(boost::json::string(text)));
    }
  }
}

TEST_CASE("members stand in the object that is open") {
  std::string out = "{";
  begin_member(out, "a");
  append_json(out, boost::json::value(1));
  begin_member(out, "b");
  append_json(out, boost::json::object{{"c\n", "d"}, {"e", nullptr}});
  CHECK(out + "}" == R"({"a":1,"b":{"c\n":"d","e":null}})");
}

}  // namespace taskcore
