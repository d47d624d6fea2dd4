#include "net/retry_after.hpp"

#include "support/catch.hpp"

using namespace taskcore;
using namespace std::chrono_literals;
using net::read_retry_after;

TEST_CASE("Retry-After is seconds, or a date in any of three forms", "[net]") {
  const TimePoint now = *parse_time("1994-11-06T08:49:00Z");
  CHECK(read_retry_after("120", now) == 120s);
  CHECK(read_retry_after("0", now) == 0s);
  CHECK(read_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == 37s);
  CHECK(read_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now) == 37s);
  CHECK(read_retry_after("Sun Nov  6 08:49:37 1994", now) == 37s);
  CHECK(read_retry_after("99999999999999999999", now) == 24h);
  CHECK(read_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", now) == 24h);
  for (const char* none : {"", "-1", "soon", "1.5", "Sun, 06 Nov 1994 08:48:37 GMT"}) {
    INFO(none);
    CHECK_FALSE(read_retry_after(none, now).has_value());
  }
}
