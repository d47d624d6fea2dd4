// The token bucket, with time as an argument, and what clients see of it.
#include "middleware/rate_limit.hpp"

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
