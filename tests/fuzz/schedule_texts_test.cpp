// The check of the fuzzer without a fuzzer: its corpus, changed at random, with a limit of time for each text.
// TASKCORE_TEXTS_SEED repeats a run.
#include <ctime>
#include <string>

#include "fuzz/check_schedule.hpp"
#include "fuzz/mutator.hpp"
#include "support/catch.hpp"

namespace taskcore::testing {

namespace {

// Processor time, so that neighbours do not count; the sanitizers' own work does.
constexpr double kMostSeconds = TASKCORE_TEXT_SECONDS;

double processor_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void check(const std::string& text) {
  CAPTURE(text);
  const double start = processor_seconds();
  check_schedule(text);
  const double seconds = processor_seconds() - start;
  if (seconds > kMostSeconds) FAIL("takes " << seconds << " s");
}

}  // namespace

TEST_CASE("whatever is read as a schedule is refused in words or answers all questions, and soon", "[schedule]") {
  const std::uint64_t seed = texts_seed();
  CAPTURE(seed);
  const auto seeds = read_corpus(TASKCORE_SCHEDULE_CORPUS);
  REQUIRE(seeds.size() > 10);
  check_schedule("daily at 0:00");  // The zone's rules are read once.
  for (const auto& text : seeds) check(text);
  for (const std::uint64_t each : {std::uint64_t{1}, seed}) {
    Mutator mutator(seeds, "0123456789*/-,?LW# :@=TZatond\xff\t", each);
    for (int i = 0; i < 10'000; ++i) check(mutator.next());
  }
}

}  // namespace taskcore::testing
