#include "engine/backoff.hpp"

#include "support/catch.hpp"

namespace taskcore {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kMostDraw = ~std::uint64_t{0};

}  // namespace

TEST_CASE("without jitter delays grow by the multiplier up to the cap") {
  const RetryPolicy policy{1s, 3.0, 20s, Jitter::none};
  CHECK(retry_delay(policy, 1, 0) == 1s);
  CHECK(retry_delay(policy, 2, kMostDraw) == 3s);
  CHECK(retry_delay(policy, 3, 0) == 9s);
  CHECK(retry_delay(policy, 4, 0) == 20s);
  CHECK(retry_delay(policy, 1000, 0) == 20s);  // where the power is infinite
}

TEST_CASE("a multiplier of one keeps the delay") {
  const RetryPolicy policy{500ms, 1.0, 1h, Jitter::none};
  CHECK(retry_delay(policy, 1, 0) == 500ms);
  CHECK(retry_delay(policy, 100, 0) == 500ms);
}

TEST_CASE("full jitter spreads evenly from zero to the delay") {
  const RetryPolicy policy{1s, 2.0, 1h, Jitter::full};
  CHECK(retry_delay(policy, 3, 0) == 0ms);
  CHECK(retry_delay(policy, 3, kMostDraw / 2 + 1) == 2s);
  CHECK(retry_delay(policy, 3, kMostDraw) == 3999ms);
}

TEST_CASE("no delay at all is a delay too") { CHECK(retry_delay({0ms, 2.0, 0ms, Jitter::full}, 5, kMostDraw) == 0ms); }

TEST_CASE("a lost run waits for a second at least") {
  CHECK(loss_delay({1s, 2.0, 1h, Jitter::full}, 1, 0) == 1s);
  CHECK(loss_delay({0ms, 2.0, 0ms, Jitter::none}, 2, 0) == 1s);
  CHECK(loss_delay({5s, 2.0, 1h, Jitter::none}, 2, 0) == 10s);
}

}  // namespace taskcore
