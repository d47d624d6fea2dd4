// Seeds that are run each time, and fresh ones. A seed that fails is printed as a command line that repeats it.
#include "sim/shrink.hpp"

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

/// The first failures of a program are made smaller; then it is time to look at them.
std::string smaller(const sim::Setup& setup) {
  static int left = 2;
  if (left == 0 || number_of("TASKCORE_SIM_SHRINK", 1) == 0) return {};
  --left;
  return "\nSmaller, perhaps another failure\n  " + sim::command_line(sim::shrink(setup));
}

void run_seed(const sim::Setup& setup, Sum& sum) {
  const sim::Report report = sim::simulate(setup);
  sum.runs += report.runs;
  sum.attempts += report.attempts;
  sum.lives += report.lives;
  sum.faults += report.faults;
  if (report.violation.empty()) return;
  FAIL_CHECK("step " << report.steps << ": " << report.violation << "\nRepeat it with\n  " << sim::command_line(setup)
                     << smaller(setup) << "\nWhat happened last:\n"
                     << report.trace);
}

Sum run_seeds(sim::Setup setup, int count) {
  Sum sum;
  for (int i = 0; i < count; ++i, ++setup.seed) run_seed(setup, sum);
  return sum;
}

Sum run_seeds(std::uint64_t first, int count, int steps, sim::StoreKind store) {
  return run_seeds(sim::Setup{.seed = first, .steps = steps, .store = store}, count);
}

}  // namespace

TEST_CASE("Fixed seeds keep every promise on the memory store") {
  const Sum sum = run_seeds(1, 50, 3000, sim::StoreKind::memory);
  CHECK(sum.runs > 10000);
  CHECK(sum.attempts > 10000);
  CHECK(sum.lives > 500);
  CHECK(sum.faults > 2500);
}

TEST_CASE("Fixed seeds keep every promise on the SQLite store") {
  const Sum sum = run_seeds(1, 10, 1500, sim::StoreKind::sqlite);
  CHECK(sum.attempts > 1000);
  CHECK(sum.lives > 25);
}

TEST_CASE("Fixed seeds keep every promise on a store that nodes share") {
  const Sum sum = run_seeds(1, 25, 3000, sim::StoreKind::shared);
  CHECK(sum.attempts > 4000);
  CHECK(sum.lives > 200);
}

TEST_CASE("Fixed seeds keep every promise when the power goes with the process") {
  const Sum sum = run_seeds(1, 12, 1500, sim::StoreKind::power_cut);
  CHECK(sum.attempts > 450);
  CHECK(sum.lives > 25);
}

TEST_CASE("Fresh seeds keep every promise") {
  const std::uint64_t seed = std::random_device{}() % 1000000000;
  std::cout << "fresh seeds from " << seed << '\n';
  run_seeds(seed, 8, 3000, sim::StoreKind::memory);
  run_seeds(seed, 2, 1500, sim::StoreKind::sqlite);
  run_seeds(seed, 8, 3000, sim::StoreKind::shared);
  run_seeds(seed, 2, 1500, sim::StoreKind::power_cut);
}

TEST_CASE("The same seed is the same run") {
  for (const auto store : {sim::StoreKind::memory, sim::StoreKind::sqlite, sim::StoreKind::shared}) {
    const sim::Setup setup{.seed = 11, .steps = 1000, .store = store};
    CHECK(sim::simulate(setup).hash == sim::simulate(setup).hash);
  }
}

TEST_CASE("Both stores lead to the same run") {
  for (std::uint64_t seed = 12; seed < 24; ++seed) {
    CAPTURE(seed);
    const sim::Report memory = sim::simulate({.seed = seed, .steps = 1000});
    CHECK(memory.hash == sim::simulate({.seed = seed, .steps = 1000, .store = sim::StoreKind::sqlite}).hash);
  }
}

TEST_CASE("A failing simulation is made smaller and fails still") {
  sim::Setup broken{.seed = 5, .steps = 1500};
  broken.loses_ends = true;
  while (broken.seed < 30 && sim::simulate(broken).violation.empty()) ++broken.seed;
  REQUIRE(broken.seed < 30);
  const sim::Setup small = sim::shrink(broken);
  CHECK(small.steps < broken.steps);     // without crashes it may come later than with them
  CHECK(!small.has(sim::Spice::crash));  // it takes no crash to lose a write
  CHECK(!sim::simulate(small).violation.empty());
}

TEST_CASE("A setup is left out of by name") {
  sim::Setup setup;
  setup.leave_out(sim::Spice::crash);
  setup.leave_out(sim::Spice::read);
  CHECK(sim::command_line(setup).find("TASKCORE_SIM_WITHOUT=crash,read ") != std::string::npos);
}

TEST_CASE("The seed of the environment", "[.][seed]") {
  const int count = static_cast<int>(number_of("TASKCORE_SIM_COUNT", 1));
  const Sum sum = run_seeds(sim::setup_of_environment(), count);
  std::cout << count << " seeds: " << sum.runs << " runs, " << sum.attempts << " attempts, " << sum.lives
            << " processes, " << sum.faults << " faults\n";
}
