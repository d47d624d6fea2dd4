#include "engine/rate_window.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "support/catch.hpp"

namespace taskcore {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart{std::chrono::days(20000)};

/// As the engine uses it: read from text, asked, written back.
class Subject {
 public:
  explicit Subject(Rate rate) : rate_(rate) {}
  int take(TimePoint now, int most) {
    RateWindow window(rate_, text_, now);
    const int count = std::min(window.room(), most);
    if (count > 0) window.take(count);
    text_ = window.text();
    return count;
  }
  TimePoint free_at(TimePoint now) const { return RateWindow(rate_, text_, now).free_at(); }
  std::size_t size() const { return text_.size(); }

 private:
  Rate rate_;
  std::string text_{};
};

}  // namespace

TEST_CASE("all starts of a period may come at once, the next when they are out of it") {
  Subject rate({3, 10s});
  CHECK(rate.take(kStart, 9) == 3);
  CHECK(rate.take(kStart + 5s, 1) == 0);
  const TimePoint free = rate.free_at(kStart + 5s);
  CHECK(free >= kStart + 10s);
  CHECK(free <= kStart + 11s);  // a tenth of the period later at most
  CHECK(rate.take(free - 1ms, 1) == 0);
  CHECK(rate.take(free, 9) == 3);
}

TEST_CASE("no period of any length of time holds more starts than the rate, and a steady flow comes near it") {
  std::mt19937 random(GENERATE(1U, 2U, 3U, 4U));
  const Rate rate{static_cast<int>(1 + random() % 20), Duration(1 + random() % 5000)};
  Subject subject(rate);
  std::vector<TimePoint> starts;
  TimePoint now = kStart;
  for (int i = 0; i < 3000; ++i) {
    const int taken = subject.take(now, static_cast<int>(1 + random() % 4));
    starts.insert(starts.end(), static_cast<std::size_t>(taken), now);
    const auto first = std::upper_bound(starts.begin(), starts.end(), now - rate.period);
    REQUIRE(starts.end() - first <= rate.limit);
    now = taken == 0 ? std::max(now, subject.free_at(now)) : now + Duration(random() % 3 == 0 ? random() % 100 : 0);
    REQUIRE(subject.size() < 400);
  }
  const auto periods = (now - kStart) / rate.period;
  const Duration part = std::max(Duration(1), rate.period / 10);
  CHECK(static_cast<std::int64_t>(starts.size()) * (rate.period + part) / rate.period >=
        (periods - 1) * rate.limit / 2);
}

TEST_CASE("a clock that was set back holds nothing up for longer than a period") {
  Subject rate({1, 10s});
  CHECK(rate.take(kStart, 1) == 1);
  const TimePoint back = kStart - 24h;
  CHECK(rate.take(back, 1) == 0);
  CHECK(rate.free_at(back) <= back + 11s);
  CHECK(rate.take(back + 11s, 1) == 1);
}

TEST_CASE("a lowered limit waits for as many starts as are too many, and what cannot be read counts as none") {
  RateWindow wide({10, 10s}, "", kStart);
  wide.take(4);
  const std::string first = wide.text();
  RateWindow later({10, 10s}, first, kStart + 5s);
  later.take(4);
  const RateWindow narrow({4, 10s}, later.text(), kStart + 6s);
  CHECK(narrow.room() == 0);
  CHECK(narrow.free_at() > kStart + 14s);
  CHECK(RateWindow({2, 10s}, "nonsense", kStart).room() == 2);
  CHECK(RateWindow({2, 10s}, "12:", kStart).room() == 2);
}

}  // namespace taskcore
