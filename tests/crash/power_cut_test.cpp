// The power goes in the middle of any call to the disk, again and again. TASKCORE_POWER_ROUNDS sets how many rounds,
// TASKCORE_POWER_SEED the first one's seed.
#include <cstdlib>
#include <iostream>
#include <random>

#include "crash/power_world.hpp"
#include "support/catch.hpp"

using namespace taskcore;

namespace {

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

void print(std::uint64_t rounds, const crash::PowerSum& sum, double seconds) {
  std::cout << rounds << " rounds, " << sum.lives << " cuts: " << sum.acknowledged << " answers acknowledged, "
            << sum.settled << " of them ends of runs, none lost; of what was not synced " << sum.disk.kept
            << " changes kept, " << sum.disk.lost << " lost, " << sum.disk.torn << " torn, " << sum.disk.names_lost
            << " names; " << seconds << " s\n";
  for (const auto& [call, count] : sum.cuts) std::cout << "  " << count << " in " << call << '\n';
}

}  // namespace

TEST_CASE("The power goes at any call, and nothing acknowledged is lost, halved, or run after its end") {
  const auto rounds = number_of("TASKCORE_POWER_ROUNDS", 100);
  const auto first = number_of("TASKCORE_POWER_SEED", std::random_device{}() >> 1);
  const auto began = std::chrono::steady_clock::now();
  crash::PowerSum sum;
  for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
    const std::string wrong = crash::PowerWorld(seed).round(sum);
    if (wrong.empty()) continue;
    FAIL_CHECK(wrong << "\nRepeat it with\n  TASKCORE_POWER_SEED=" << seed
                     << " TASKCORE_POWER_ROUNDS=1 crash_tests \"The power goes*\"");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  print(rounds, sum, took.count());
  if (rounds < 100) return;
  CHECK(sum.acknowledged > 20 * rounds);
  for (const char* where : {"wal write", "wal sync", "database write", "(while opening)", "(while closing)"}) {
    CAPTURE(where);
    CHECK(sum.cuts[where] > 0);
  }
}

TEST_CASE("The same cuts without full sync lose what was acknowledged, so the proof can fail") {
  crash::PowerSum sum;
  int losses = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) losses += crash::PowerWorld(seed, false).round(sum).empty() ? 0 : 1;
  CHECK(losses > 3);
}
