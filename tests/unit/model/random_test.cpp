// The sources of chance.
#include "taskcore/random.hpp"

#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace taskcore;

TEST_CASE("a seed gives SplitMix64's own sequence") {
  const auto random = seeded_random(1234567);
  CHECK(random->next() == 6457827717110365317U);
  CHECK(random->next() == 3203168211198807973U);
  CHECK(random->next() == 9817491932198370423U);
}

TEST_CASE("equal seeds give equal sequences, other seeds other ones") {
  const auto one = seeded_random(1);
  const auto again = seeded_random(1);
  const auto other = seeded_random(2);
  for (int i = 0; i < 100; ++i) {
    const auto value = one->next();
    CHECK(value == again->next());
    CHECK(value != other->next());
  }
}

TEST_CASE("two generators of the system differ") {
  const auto one = system_random();
  const auto other = system_random();
  CHECK(one->next() != other->next());
}

TEST_CASE("threads that share a generator never get the same value") {
  const auto random = system_random();
  std::mutex mutex;
  std::set<std::uint64_t> all;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::vector<std::uint64_t> mine;
      for (int i = 0; i < 5000; ++i) mine.push_back(random->next());
      const std::lock_guard lock(mutex);
      all.insert(mine.begin(), mine.end());
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(all.size() == 20'000);
}
