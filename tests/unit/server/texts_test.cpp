// The checks of the fuzzers without a fuzzer: their corpora, changed at random. TASKCORE_TEXTS_SEED repeats a run.
#include "fuzz/check_server.hpp"
#include "fuzz/mutator.hpp"
#include "support/catch.hpp"

using namespace taskcore::testing;

namespace {

void check_all(const std::string& corpus, std::string_view likely, void (*check)(std::string_view)) {
  const std::uint64_t seed = texts_seed();
  CAPTURE(seed);
  const auto seeds = read_corpus(std::string(TASKCORE_FUZZ_DIRECTORY) + "/" + corpus);
  REQUIRE(seeds.size() > 5);
  for (const auto& text : seeds) {
    CAPTURE(text);
    check(text);
  }
  for (const std::uint64_t each : {std::uint64_t{1}, seed}) {
    Mutator mutator(seeds, likely, each);
    for (int i = 0; i < 1'000; ++i) {
      const std::string text = mutator.next();
      CAPTURE(text);
      check(text);
    }
  }
}

}  // namespace

TEST_CASE("whatever comes over a connection means one thing, or is refused in words", "[texts]") {
  check_all("request_corpus", "\r\n\t :;,\"\\{}[]0123456789abcdefx-+HTP/\x01\x7f\xff", check_request);
}

TEST_CASE("whatever is a target is taken apart into clean text", "[texts]") {
  check_all("target_corpus", "/?&=%+#.:@[]~;,*0123456789abcdefABCDEF\x01\x7f\xc3\xbc\xff", check_target);
}

TEST_CASE("whatever is a token lets nobody in that nobody signed", "[texts]") {
  check_all("token_corpus", ".-_=\"{}:,eyJhbGci0123456789\\u\x01\xff", check_token);
}
