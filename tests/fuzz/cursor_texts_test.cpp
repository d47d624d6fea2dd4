// The check of the fuzzer of cursors without a fuzzer. TASKCORE_TEXTS_SEED repeats a run.
#include "fuzz/check_cursor.hpp"
#include "fuzz/mutator.hpp"
#include "support/catch.hpp"

namespace taskcore::testing {

TEST_CASE("whatever is a cursor gives a page, or is refused in words", "[query]") {
  const std::uint64_t seed = texts_seed();
  CAPTURE(seed);
  const auto seeds = read_corpus(TASKCORE_CURSOR_CORPUS);
  REQUIRE(seeds.size() > 5);
  for (const auto& text : seeds) check_cursor(text);
  for (const std::uint64_t each : {std::uint64_t{1}, seed}) {
    Mutator mutator(seeds, "0123456789trno.-+ \xff", each);
    for (int i = 0; i < 1'000; ++i) {
      const std::string text = mutator.next();
      CAPTURE(text);
      check_cursor(text);
    }
  }
}

}  // namespace taskcore::testing
