// The token bucket, with time as an argument, and what clients see of it.
#include "middleware/rate_limit.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace taskd;
using std::chrono::seconds;

namespace {
const RateLimiter::Time kStart = RateLimiter::Time(std::chrono::hours(1));
}

TEST_CASE("a full bucket takes a minute's worth at once, then one at a time", "[rate]") {
  RateLimiter limiter(60);
  for (int i = 0; i < 60; ++i) CHECK(limiter.take("a", kStart).allowed);
  const auto refused = limiter.take("a", kStart);
  CHECK_FALSE(refused.allowed);
  CHECK(refused.retry_after == seconds(1));
  CHECK(limiter.take("a", kStart + seconds(1)).allowed);
  CHECK_FALSE(limiter.take("a", kStart + seconds(1)).allowed);
  CHECK(limiter.take("b", kStart).allowed);
}

TEST_CASE("waiting as long as told is enough", "[rate]") {
  RateLimiter limiter(7);
  auto now = kStart;
  for (int i = 0; i < 7; ++i) limiter.take("a", now);
  for (int i = 0; i < 20; ++i) {
    const auto refused = limiter.take("a", now);
    REQUIRE_FALSE(refused.allowed);
    now += refused.retry_after;
    REQUIRE(limiter.take("a", now).allowed);
    while (limiter.take("a", now).allowed) {
    }
  }
}

TEST_CASE("a bucket never holds more than a minute's worth, and a clock that stands still gives none", "[rate]") {
  RateLimiter limiter(10);
  CHECK(limiter.take("a", kStart + std::chrono::hours(5)).remaining == 9);
  CHECK(limiter.take("a", kStart).remaining == 8);
}

TEST_CASE("memory is bounded: the key unused longest goes first", "[rate]") {
  RateLimiter limiter(2, 3);
  for (const char* key : {"a", "b", "c"}) limiter.take(key, kStart);
  limiter.take("a", kStart);
  limiter.take("d", kStart);
  CHECK(limiter.keys() == 3);
  CHECK_FALSE(limiter.take("a", kStart).allowed);
  CHECK(limiter.take("b", kStart).remaining == 1);
  for (int i = 0; i < 1000; ++i) limiter.take(std::to_string(i), kStart);
  CHECK(limiter.keys() == 3);
}

TEST_CASE("requests count by user, else by address", "[rate]") {
  Request request;
  request.remote_address = "10.0.0.1";
  CHECK(rate_key(request) == "address 10.0.0.1");
  request.remote_address = "2001:db8::1";
  const std::string network = rate_key(request);
  request.remote_address = "2001:db8::ffff";
  CHECK(rate_key(request) == network);
  request.remote_address = "2001:db8:0:1::1";
  CHECK(rate_key(request) != network);
  request.identity = Identity{"alice", Role::user};
  CHECK(rate_key(request) == "user alice");
}

TEST_CASE("clients see what is left, and 429 when nothing is", "[rate]") {
  auto limiter = std::make_shared<RateLimiter>(2);
  const Handler handler = with_rate_limit([](auto, Reply reply) { reply(Response{}); }, limiter, [] { return kStart; },
                                          [](const Request& request) { return request.path == "/livez"; });
  const auto ask = [&](const std::string& path) {
    auto request = std::make_shared<Request>();
    request->path = path;
    Response out;
    handler(request, [&](Response response) { out = std::move(response); });
    return out;
  };
  const Response first = ask("/");
  CHECK(first.headers.get("RateLimit-Policy") == "\"default\";q=2;w=60");
  CHECK(first.headers.get("RateLimit") == "\"default\";r=1;t=30");
  CHECK(ask("/").status == 200);
  const Response refused = ask("/");
  CHECK(refused.status == 429);
  CHECK(refused.headers.get("Retry-After") == "30");
  CHECK(refused.headers.get("RateLimit") == "\"default\";r=0;t=60");
  CHECK(ask("/livez").status == 200);
}

TEST_CASE("a million identities take no more memory than the buckets that are kept", "[rate]") {
  RateLimiter limiter(600);
  Request request;
  std::size_t longest = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    // Among them some with names as long as a token can hold.
    request.identity = Identity{std::to_string(i) + std::string(i % 1'000 == 0 ? 6'000 : 0, 'x'), Role::user};
    const std::string key = rate_key(request);
    longest = std::max(longest, key.size());
    limiter.take(key, kStart);
  }
  CHECK(limiter.keys() == 65'536);
  CHECK(longest < 200);
}

TEST_CASE("long names that begin alike have buckets of their own", "[rate]") {
  Request one;
  one.identity = Identity{std::string(1'000, 'x') + "1", Role::user};
  Request other;
  other.identity = Identity{std::string(1'000, 'x') + "2", Role::user};
  CHECK(rate_key(one) == rate_key(one));
  CHECK(rate_key(one) != rate_key(other));
}

TEST_CASE("looking takes nothing, and says what taking would", "[rate]") {
  RateLimiter limiter(2);
  CHECK(limiter.look("a", kStart).remaining == 1);
  CHECK(limiter.keys() == 0);
  limiter.take("a", kStart);
  limiter.take("a", kStart);
  CHECK_FALSE(limiter.look("a", kStart).allowed);
  CHECK(limiter.look("a", kStart).retry_after == seconds(30));
  CHECK(limiter.look("a", kStart + seconds(30)).allowed);
  CHECK_FALSE(limiter.take("a", kStart).allowed);
}

TEST_CASE("an address that has nothing left is not heard, but for tokens that are known", "[rate]") {
  auto limiter = std::make_shared<RateLimiter>(1);
  int heard = 0;
  const Handler handler = with_address_limit(
      [&](auto, Reply reply) {
        ++heard;
        reply(Response{});
      },
      limiter, [] { return kStart; }, [](const Request& request) { return request.path == "/livez"; },
      [](const Request& request) { return request.headers.count("Known") > 0; });
  const auto ask = [&](const std::string& address, const std::string& path, bool known) {
    auto request = std::make_shared<Request>();
    request->remote_address = address;
    request->path = path;
    if (known) request->headers.add("Known", "");
    Response out;
    handler(request, [&](Response response) { out = std::move(response); });
    return out;
  };
  CHECK(ask("10.0.0.1", "/", false).status == 200);
  limiter->take("address 10.0.0.1", kStart);
  const Response refused = ask("10.0.0.1", "/", false);
  CHECK(refused.status == 429);
  CHECK(refused.headers.get("Retry-After") == "60");
  CHECK(refused.headers.get("RateLimit") == "\"default\";r=0;t=60");
  CHECK(heard == 1);
  CHECK(ask("10.0.0.1", "/", true).status == 200);
  CHECK(ask("10.0.0.1", "/livez", false).status == 200);
  CHECK(ask("10.0.0.2", "/", false).status == 200);
}
