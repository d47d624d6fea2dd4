// Following a log: each line once, wherever it came in.
#include "client/log_tail.hpp"

#include <boost/json/string.hpp>
#include <initializer_list>

#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

std::string fresh(LogTail& tail, std::initializer_list<json::string_view> page, bool has_next = false) {
  json::array lines(page.begin(), page.end());
  std::string out;
  tail.take(lines, has_next, [&out](const json::value& line) { out += std::string(line.get_string()); });
  return out;
}

}  // namespace

TEST_CASE("lines that were there before are not new", "[client]") {
  LogTail tail;
  CHECK(fresh(tail, {"a", "b"}) == "ab");
  CHECK(fresh(tail, {"a", "b"}).empty());
  CHECK(fresh(tail, {"a", "b", "c"}) == "c");
}

TEST_CASE("lines may come into the middle", "[client]") {
  LogTail tail;
  CHECK(fresh(tail, {"a", "c"}) == "ac");
  CHECK(fresh(tail, {"a", "b", "c", "d"}) == "bd");
}

TEST_CASE("equal lines are counted", "[client]") {
  LogTail tail;
  CHECK(fresh(tail, {"x", "x"}) == "xx");
  CHECK(fresh(tail, {"x", "x", "x"}) == "x");
}

TEST_CASE("behind a full page what had been seen there stays seen", "[client]") {
  LogTail tail;
  CHECK(fresh(tail, {"a", "b", "c"}) == "abc");
  CHECK(fresh(tail, {"a", "new", "b"}, true) == "new");
  CHECK(fresh(tail, {"c", "d"}) == "d");
  CHECK(fresh(tail, {"c", "d"}).empty());
}

TEST_CASE("lines that are no longer kept are forgotten", "[client]") {
  LogTail tail;
  CHECK(fresh(tail, {"a", "b"}) == "ab");
  CHECK(fresh(tail, {"b"}).empty());
  CHECK(fresh(tail, {"b", "a"}) == "a");
}
