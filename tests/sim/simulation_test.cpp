// Seeds that are run each time, and fresh ones. A seed that fails is printed as a command line that repeats it.
#include "sim/simulation.hpp"

#include <cstdlib>
#include <iostream>
#include <random>

#include "support/catch.hpp"

using namespace taskcore;

namespace {

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Counts over several seeds, so that a change that makes the simulation idle shows.
struct Sum {
  std::size_t runs = 0;
  std::size_t attempts = 0;
  int lives = 0;
  int faults = 0;
};

void run_seed(const sim::Setup& setup, Sum& sum) {
  const sim::Report report = sim::simulate(setup);
  sum.runs += report.runs;
  sum.attempts += report.attempts;
  sum.lives += report.lives;
  sum.faults += report.faults;
  if (report.violation.empty()) return;
  FAIL_CHECK("step " << report.steps << ": " << report.violation << "\nRepeat it with\n  " << sim::command_line(setup)
                     << "\nWhat happened last:\n"
                     << report.trace);
}

Sum run_seeds(std::uint64_t first, int count, int steps, sim::StoreKind store) {
  Sum sum;
  for (int i = 0; i < count; ++i) run_seed({first + static_cast<std::uint64_t>(i), steps, store}, sum);
  return sum;
}

}  // namespace

TEST_CASE("Fixed seeds keep every promise on the memory store") {
  const Sum sum = run_seeds(1, 200, 3000, sim::StoreKind::memory);
  CHECK(sum.runs > 20000);
  CHECK(sum.attempts > 20000);
  CHECK(sum.lives > 1000);
  CHECK(sum.faults > 5000);
}

TEST_CASE("Fixed seeds keep every promise on the SQLite store") {
  const Sum sum = run_seeds(1, 50, 1500, sim::StoreKind::sqlite);
  CHECK(sum.attempts > 2000);
  CHECK(sum.lives > 100);
}

TEST_CASE("Fixed seeds keep every promise on a store that nodes share") {
  const Sum sum = run_seeds(1, 100, 3000, sim::StoreKind::shared);
  CHECK(sum.attempts > 10000);
  CHECK(sum.lives > 1000);
}

TEST_CASE("Fresh seeds keep every promise") {
  const std::uint64_t seed = std::random_device{}() % 1000000000;
  std::cout << "fresh seeds from " << seed << '\n';
  run_seeds(seed, 20, 3000, sim::StoreKind::memory);
  run_seeds(seed, 5, 1500, sim::StoreKind::sqlite);
  run_seeds(seed, 20, 3000, sim::StoreKind::shared);
}

TEST_CASE("The same seed is the same run") {
  for (const auto store : {sim::StoreKind::memory, sim::StoreKind::sqlite, sim::StoreKind::shared}) {
    const sim::Setup setup{11, 1000, store};
    CHECK(sim::simulate(setup).hash == sim::simulate(setup).hash);
  }
}

TEST_CASE("Both stores lead to the same run") {
  for (std::uint64_t seed = 12; seed < 24; ++seed) {
    CAPTURE(seed);
    const sim::Report memory = sim::simulate({seed, 1000, sim::StoreKind::memory});
    CHECK(memory.hash == sim::simulate({seed, 1000, sim::StoreKind::sqlite}).hash);
  }
}

TEST_CASE("The seed of the environment", "[.][seed]") {
  const char* store = std::getenv("TASKCORE_SIM_STORE");
  const auto kind = sim::store_kind(store != nullptr ? store : "memory");
  const int steps = static_cast<int>(number_of("TASKCORE_SIM_STEPS", 1500));
  const int count = static_cast<int>(number_of("TASKCORE_SIM_COUNT", 1));
  const Sum sum = run_seeds(number_of("TASKCORE_SIM_SEED", 1), count, steps, kind);
  std::cout << count << " seeds: " << sum.runs << " runs, " << sum.attempts << " attempts, " << sum.lives
            << " processes, " << sum.faults << " faults\n";
}
