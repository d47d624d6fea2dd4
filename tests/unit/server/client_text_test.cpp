// What a client prints for people: text that does nothing to a terminal, columns, times, JSON.
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <ctime>
#include <sstream>

#include "client/local_time.hpp"
#include "client/pretty_json.hpp"
#include "client/table.hpp"
#include "client/visible_text.hpp"
#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

std::string printed(const Table& table, bool colours = false, std::size_t indent = 0) {
  std::ostringstream out;
  table.print(out, colours, indent);
  return out.str();
}

}  // namespace

TEST_CASE("what a terminal would obey is shown instead", "[client]") {
  const auto [text, shown] = GENERATE(table<std::string, std::string>({
      {"plain", "plain"},
      {"Grüße, 世界, 🚀", "Grüße, 世界, 🚀"},
      {"\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"},
      {"two\nlines\r\ttab", "two\\nlines\\r\\ttab"},
      {std::string("nul\0", 4), "nul\\x00"},
      {"del\x7f", "del\\x7f"},
      {"\xc2\x9b"
       "31m",
       "\\u{9b}31m"},
      {"\xe2\x80\xae"
       "txt.exe",
       "\\u{202e}txt.exe"},
      {"cut \xe4\xb8", "cut \\xe4\\xb8"},
      {"\xff\xc0\x80", "\\xff\\xc0\\x80"},
  }));
  CHECK(visible(text) == shown);
}

TEST_CASE("one control character may stay", "[client]") {
  CHECK(visible("a\tb\nc", '\t') == "a\tb\\nc");
  CHECK(visible("a\n\x1b", '\n') == "a\n\\x1b");
}

TEST_CASE("text is as wide as a terminal shows it", "[client]") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("Grüße") == 5);
  CHECK(display_width("世界") == 4);
  CHECK(display_width("e\xcc\x81") == 1);  // with an accent of its own
}

TEST_CASE("text that is too wide ends with an ellipsis and never in the middle of a character", "[client]") {
  CHECK(clipped("abcdef", 6) == "abcdef");
  CHECK(clipped("abcdefg", 6) == "abcde…");
  CHECK(clipped("世界世界", 6) == "世界…");
  CHECK(display_width(clipped("世界世界", 7)) <= 7);
}

TEST_CASE("columns are aligned by width, and nothing stands behind the last text of a line", "[client]") {
  Table table({"ID", "NAME", "NEXT"});
  table.add({{"a"}, {"世界"}, {"-"}});
  table.add({{"longer"}, {"x\x1by"}, {}});
  table.add({{"b"}, {}, {"now"}});
  CHECK(printed(table) ==
        "ID      NAME    NEXT\n"
        "a       世界    -\n"
        "longer  x\\x1by\n"
        "b               now\n");
}

TEST_CASE("colours are around the text alone", "[client]") {
  Table table;
  table.add({{"a", kRed}, {"b"}});
  CHECK(printed(table, true, 2) == "  \x1b[31ma\x1b[0m  b\n");
  CHECK(printed(table, false) == "a  b\n");
}

TEST_CASE("times are those of the machine's zone", "[client]") {
  const char* before = std::getenv("TZ");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("TZ", "IST-05:30", 1);
  CHECK(local_time("2027-01-31T20:00:05.123Z", TimeForm::minutes) == "2027-02-01 01:30");
  CHECK(local_time("2027-01-31T20:00:05.123Z", TimeForm::seconds) == "2027-02-01 01:30:05");
  CHECK(local_time("2027-01-31T20:00:05.023Z", TimeForm::millis) == "2027-02-01 01:30:05.023");
  CHECK(local_time("soon", TimeForm::seconds) == "soon");
  CHECK(local_time("", TimeForm::seconds).empty());
  if (before != nullptr) {
    ::setenv("TZ", kept.c_str(), 1);
  } else {
    ::unsetenv("TZ");
  }
  ::tzset();
}

TEST_CASE("lengths of time are two units at most", "[client]") {
  const auto [ms, words] = GENERATE(table<long, std::string>({{0, "0 ms"},
                                                              {850, "850 ms"},
                                                              {1250, "1.2 s"},
                                                              {60'000, "1 min"},
                                                              {184'900, "3 min 4 s"},
                                                              {7'500'000, "2 h 5 min"},
                                                              {273'600'000, "3 d 4 h"}}));
  CHECK(short_duration(std::chrono::milliseconds(ms)) == words);
}

TEST_CASE("JSON is indented where it is long or deep, and reads back as it was", "[client]") {
  const auto value = json::parse(
      R"({"id":"a","tags":["x","y"],"retry":{"multiplier":2.0,"jitter":"full"},"config":{"env":{"A":1},"args":[]},"o":{},"r":1.5,"t":"ü\n"})");
  const std::string text = pretty_json(value);
  CHECK(text ==
        "{\n"
        "  \"id\": \"a\",\n"
        "  \"tags\": [\"x\", \"y\"],\n"
        "  \"retry\": {\"multiplier\": 2.0, \"jitter\": \"full\"},\n"
        "  \"config\": {\n"
        "    \"env\": {\"A\": 1},\n"
        "    \"args\": []\n"
        "  },\n"
        "  \"o\": {},\n"
        "  \"r\": 1.5,\n"
        "  \"t\": \"ü\\n\"\n"
        "}");
  CHECK(json::parse(text) == value);
}
