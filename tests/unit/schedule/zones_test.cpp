// Each change of the clock in each zone of the database, from 1970 to 2037: what schedules around it are due at,
// against wall_oracle.hpp. A part of them by default; TASKCORE_ZONES_ALL=1 takes all, TASKCORE_ZONES_SEED repeats a
// run.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>

#include "schedule/time_zone.hpp"
#include "schedule_fixture.hpp"
#include "wall_oracle.hpp"
#include "zone_subjects.hpp"

namespace taskcore::testing {

namespace {

constexpr Seconds kHour = 3600;
constexpr Seconds kAround = 26 * kHour;
constexpr Seconds kSeen = 80 * kHour;
constexpr Seconds kYear2038 = 2'145'916'800;

TimePoint instant(Seconds at) { return TimePoint{std::chrono::seconds{at}}; }

std::vector<std::string> zones() {
  const char* set = std::getenv("TZDIR");
  const std::filesystem::path folder = set != nullptr ? set : "/usr/share/zoneinfo";
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    std::string name = std::filesystem::relative(entry.path(), folder).string();
    if (entry.is_regular_file() && schedule::TimeZone::find(name)) out.push_back(std::move(name));
  }
  std::sort(out.begin(), out.end());
  return out;
}

// By the offset at each quarter of a day, then by bisection: a change that is taken back within hours is found by its
// neighbour, for the schedules are looked at for a day before and after.
std::vector<Seconds> changes_of(const std::string& zone) {
  const WallOracle oracle(zone, 0, 1);
  std::vector<Seconds> out;
  for (Seconds at = 0; at < kYear2038; at += 6 * kHour) {
    if (oracle.offset_at(at) == oracle.offset_at(at + 6 * kHour)) continue;
    Seconds low = at;
    Seconds high = at + 6 * kHour;
    while (high - low > 1) {
      const Seconds middle = (low + high) / 2;
      (oracle.offset_at(middle) == oracle.offset_at(at) ? low : high) = middle;
    }
    out.push_back(high);
  }
  return out;
}

void check(const Schedule& schedule, const std::set<Seconds>& expected, Seconds after, Seconds until) {
  TimePoint walked = instant(after);
  for (const Seconds wanted : expected) {
    const auto due = schedule.next(walked);
    CAPTURE(format_time(walked), shown(due), format_time(instant(wanted)));
    if (due != instant(wanted)) FAIL("next is not what the oracle says");
    walked = *due;
  }
  const auto past = schedule.next(walked);
  if (past && *past <= instant(until)) FAIL("due at " << shown(past) << ", which is no instant of the oracle's");
  const auto elapsed = schedule.elapsed(instant(after), instant(until));
  CAPTURE(elapsed.count, expected.size());
  if (elapsed.count != expected.size()) FAIL("what has elapsed is counted wrongly");
  if (!expected.empty() && elapsed.newest != instant(*expected.rbegin())) FAIL("the newest is another one");
}

// From instants just beside the change, too, where a walk from instant to instant does not come by.
void check_beside(const Schedule& schedule, const std::set<Seconds>& expected, Seconds change) {
  const TimePoint begin = instant(change - kAround);
  const TimePoint end = instant(change + kAround);
  for (const Seconds from : {change - kHour, change - 1, change, change + 1, change + 1799, change + kHour}) {
    for (const TimePoint at : {instant(from) - kTick, instant(from), instant(from) + kTick}) {
      auto wanted = expected.begin();
      std::size_t over = 0;
      for (; wanted != expected.end() && instant(*wanted) <= at; ++wanted) ++over;
      const auto due = schedule.next(at);
      CAPTURE(format_time(at), shown(due));
      if (due && *due <= at) FAIL("next is not later");
      if (wanted != expected.end() ? due != instant(*wanted) : due && *due <= end) {
        FAIL("next is not what the oracle says");
      }
      if (schedule.elapsed(begin, at).count != over) FAIL("what has elapsed until then is counted wrongly");
      if (schedule.elapsed(at, end).count != expected.size() - over) FAIL("what elapses from then is counted wrongly");
    }
  }
}

void check_grid(const ScheduleContext& context, Seconds change) {
  auto anchored = context;
  anchored.set_at = instant(change - 3 * kHour) + 7ms;
  TimePoint at = anchored.set_at;
  const auto grid = read("every 37 minutes", anchored);
  for (int i = 0; i < 10; ++i) {
    const auto due = grid.next(at);
    if (due != at + 37min) FAIL("the grid lost its spacing after " << format_time(at));
    at = *due;
  }
}

}  // namespace

TEST_CASE("around each change of the clock in each zone schedules are due as the wall says", "[schedule]") {
  const bool all = std::getenv("TASKCORE_ZONES_ALL") != nullptr;
  const char* given = std::getenv("TASKCORE_ZONES_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::mt19937_64 random(seed);
  CAPTURE(seed);
  const std::size_t one_of = all ? 1 : 20;
  std::size_t taken = 0;
  std::size_t cases = 0;
  for (const std::string& zone : zones()) {
    const auto context = in_zone(zone);
    for (const Seconds change : changes_of(zone)) {
      if (random() % one_of != 0) continue;
      ++taken;
      const WallOracle oracle(zone, change - kSeen, change + kSeen);
      const Seconds before = change + oracle.offset_at(change - 1);
      const Seconds after = change + oracle.offset_at(change);
      for (const auto& subject : subjects_at(before, after, random)) {
        CAPTURE(zone, format_time(instant(change)), subject.text);
        const auto schedule = read(subject.text, context);
        const Seconds from = change - kAround;
        const Seconds until = change + kAround;
        const auto expected = subject.open_hour ? oracle.followed(subject.times, from, until)
                                                : oracle.settled(subject.times, from, until);
        // Before 1970 nothing is due.
        if (from < 0) continue;
        check(schedule, expected, from, until);
        check_beside(schedule, expected, change);
        ++cases;
      }
      check_grid(context, change);
      ++cases;
    }
  }
  std::cout << cases << " cases (zone, change of the clock, schedule) at " << taken << " changes of the clock\n";
  CHECK(cases > 1000);
}

}  // namespace taskcore::testing
