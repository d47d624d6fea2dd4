// The check of the fuzzer without a fuzzer: its corpus, changed at random, with a limit of time for each text.
// TASKCORE_TEXTS_SEED repeats a run.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/check_schedule.hpp"
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

std::vector<std::string> corpus() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(TASKCORE_SCHEDULE_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::uint64_t seed) : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t changes = below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

  char letter() {
    constexpr std::string_view kLikely = "0123456789*/-,?LW# :@=TZatond\xff\t";
    return kLikely[below(kLikely.size())];
  }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t size = std::min(below(6), text.size() - at);
    const std::string& other = seeds_[below(seeds_.size())];
    switch (below(4)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, 1, letter());
        break;
      case 2:
        if (at < text.size()) text[at] = letter();
        break;
      default:
        text.replace(at, size, other.substr(below(other.size()), below(8)));
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

void check(const std::string& text) {
  CAPTURE(text);
  const double start = processor_seconds();
  check_schedule(text);
  const double seconds = processor_seconds() - start;
  if (seconds > kMostSeconds) FAIL("takes " << seconds << " s");
}

}  // namespace

TEST_CASE("whatever is read as a schedule is refused in words or answers all questions, and soon", "[schedule]") {
  const char* given = std::getenv("TASKCORE_TEXTS_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  CAPTURE(seed);
  const auto seeds = corpus();
  REQUIRE(seeds.size() > 10);
  check_schedule("daily at 0:00");  // The zone's rules are read once.
  for (const auto& text : seeds) check(text);
  for (const std::uint64_t each : {std::uint64_t{1}, seed}) {
    Mutator mutator(seeds, each);
    for (int i = 0; i < 10'000; ++i) check(mutator.next());
  }
}

}  // namespace taskcore::testing
