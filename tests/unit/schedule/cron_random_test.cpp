// Random cron expressions against cron_oracle.hpp, minute by minute. TASKCORE_CRON_SEED is the first seed,
// TASKCORE_CRON_COUNT how many there are.
#include <cstdlib>
#include <random>

#include "cron_oracle.hpp"
#include "schedule_fixture.hpp"

namespace taskcore::testing {

namespace {

constexpr std::size_t kCompared = 600;

// Up to kCompared instants in the 8 years from 2023 on; a schedule without any may still be due later.
std::vector<TimePoint> by_hand(const CronOracle& oracle) {
  std::vector<TimePoint> out;
  TimePoint day = at("2023-01-01T00:00:00Z");
  for (OracleDay date; date.year < 2031 && out.size() < kCompared; date.step(), day += 24h) {
    if (!oracle.takes_day(date)) continue;
    for (int minute = 0; minute < 24 * 60; ++minute) {
      if (oracle.takes_time(minute / 60, minute % 60)) out.push_back(day + minute * 1min);
    }
  }
  return out;
}

void check(std::uint64_t seed) {
  const CronOracle oracle(seed);
  CAPTURE(seed, oracle.text());
  const auto expected = by_hand(oracle);
  const auto schedule = Schedule::parse(oracle.text());
  if (!schedule) {
    // Only for what is never due.
    if (!expected.empty() || schedule.error().detail.find("never due") == std::string::npos) {
      FAIL(schedule.error().detail);
    }
    return;
  }
  TimePoint walked = at("2023-01-01T00:00:00Z") - kTick;
  for (const TimePoint wanted : expected) {
    const auto due = schedule->next(walked);
    CAPTURE(shown(due), format_time(wanted));
    if (due != wanted) FAIL("next is not what the oracle says");
    walked = wanted;
  }
  const auto elapsed = schedule->elapsed(at("2023-01-01T00:00:00Z") - kTick, walked);
  if (elapsed.count != expected.size()) FAIL("what has elapsed is counted wrongly: " << elapsed.count);
}

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("random cron expressions match what they say, minute by minute", "[schedule]") {
  const std::uint64_t count = number("TASKCORE_CRON_COUNT", 1500);
  for (std::uint64_t seed = 1; seed <= count / 3; ++seed) check(seed);
  const std::uint64_t fresh = number("TASKCORE_CRON_SEED", std::random_device{}());
  for (std::uint64_t seed = fresh; seed < fresh + count - count / 3; ++seed) check(seed);
  SUCCEED();
}

}  // namespace taskcore::testing
