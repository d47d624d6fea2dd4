#include "engine/slots.hpp"

#include <numeric>
#include <string>

#include "support/catch.hpp"

namespace taskcore {
namespace {

/// The shares of `rounds` times `claims` claims, added up: low, normal, high.
std::array<int, 3> add_up(Slots& slots, const std::string& queue, int claims, int rounds) {
  std::array<int, 3> sum{};
  for (int i = 0; i < rounds; ++i) {
    const auto shares = slots.shares(queue, claims);
    REQUIRE(std::accumulate(shares.begin(), shares.end(), 0) == claims);
    for (std::size_t rank = 0; rank < sum.size(); ++rank) sum[rank] += shares[rank];
  }
  return sum;
}

const std::array<int, 3> kFair{1, 5, 14};

}  // namespace

TEST_CASE("of 20 claims 14 are high's, 5 normal's and 1 low's, however they come") {
  const int claims = GENERATE(1, 2, 4, 5, 10, 20);
  Slots slots(16);
  CHECK(add_up(slots, "default", claims, 20 / claims) == kFair);
  CHECK(add_up(slots, "default", claims, 20 / claims) == kFair);
}

TEST_CASE("many claims at once are shared by whole rounds") {
  Slots slots(1000);
  CHECK(slots.shares("default", 200) == std::array<int, 3>{10, 50, 140});
  CHECK(slots.shares("default", 0) == std::array<int, 3>{0, 0, 0});
}

TEST_CASE("queues that take turns do not share out the priorities among themselves") {
  Slots slots(16);
  std::array<int, 3> sum{};
  for (int i = 0; i < 20; ++i) {
    const auto a = slots.shares("a", 1);
    slots.shares("b", 1);
    for (std::size_t rank = 0; rank < sum.size(); ++rank) sum[rank] += a[rank];
  }
  CHECK(sum == kFair);
}

RunRow run_of(const char* queue, const char* key = "", int losses = 0) {
  RunRow row;
  row.queue = queue;
  row.concurrency_key = key;
  row.losses = losses;
  return row;
}

TEST_CASE("the limit of all and the limit of a queue both hold") {
  Slots slots(3);
  CHECK(slots.free("mail", 2) == 2);
  CHECK(slots.free("wide", 10) == 3);
  CHECK(slots.free("other", {}) == 3);
  slots.take(run_of("mail"));
  slots.take(run_of("mail"));
  CHECK(slots.free("mail", 2) == 0);
  CHECK(slots.free("mail", 1) == 0);  // the limit was lowered
  CHECK(slots.free("other", {}) == 1);
  slots.take(run_of("other"));
  CHECK(slots.used() == 3);
  CHECK(slots.free("wide", 10) == 0);
  slots.give(run_of("mail"));
  CHECK(slots.free("mail", 2) == 1);
}

TEST_CASE("while a suspect runs nothing is free, until the last slot is given back") {
  Slots slots(4);
  slots.take(run_of("default", "", 2));
  CHECK(slots.free("default", {}) == 0);
  slots.give(run_of("default", "", 2));
  CHECK_FALSE(slots.alone());
  CHECK(slots.free("default", {}) == 4);
}

TEST_CASE("runs of a key are counted over all queues") {
  Slots slots(4);
  slots.take(run_of("mail", "k"));
  slots.take(run_of("other", "k"));
  CHECK(slots.running_with_key("k") == 2);
  slots.give(run_of("mail", "k"));
  CHECK(slots.running_with_key("k") == 1);
  CHECK(slots.running_with_key("other") == 0);
}

TEST_CASE("runs with a key and runs without one take turns, each priority for itself") {
  Slots slots(4);
  int without = 0;
  for (int i = 0; i < 10; ++i) without += slots.share_without_key("q", Priority::high, 1);
  CHECK(without == 5);
  CHECK(slots.share_without_key("q", Priority::low, 8) == 4);
}

}  // namespace taskcore
