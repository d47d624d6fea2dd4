// WallClock::explain: next() again, but with what changes of the clock took away, and in words.
#include <algorithm>

#include "schedule/instants.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::seconds;
using Explained = Schedule::Explained;
using Reason = Schedule::Reason;
using Shown = TimeZone::Shown;

// "2026-03-29 02:30", with seconds only where there are some.
std::string date_and_time(LocalTime reading) {
  std::string text = format_time(TimePoint{reading.time_since_epoch()}).substr(0, 19);
  text[10] = ' ';
  if (text.ends_with(":00")) text.resize(16);
  return text;
}

std::string time_alone(LocalTime reading) { return date_and_time(reading).substr(11); }

class Account {
 public:
  Account(const WallClock& clock, TimePoint after, TimePoint until, std::size_t limit)
      : clock_(clock), zone_(clock.zone.name()), after_(after), until_(until), limit_(limit) {}

  // Each reading once, where next_settled() would have it.
  std::vector<Explained> settled() {
    auto reading = clock_.first_reading(clock_.zone.local(after_) + seconds{1});
    while (reading && lines_.size() < limit_) {
      const auto shown = clock_.zone.shown(*reading);
      if (shown.first > until_) break;
      if (shown.first > after_) add_settled(*reading, shown);
      const bool over = shown.first <= after_;
      reading = clock_.first_reading(std::max(over ? shown.past_twice : *reading, *reading + seconds{1}));
    }
    return std::move(lines_);
  }

  // The instants, and before the end of each gap the readings that fell into it.
  std::vector<Explained> followed() {
    TimePoint from = after_;
    while (lines_.size() < limit_) {
      const auto due = clock_.next(from);
      const TimePoint to = due ? std::min(*due, until_) : until_;
      add_gaps(from, to);
      if (!due || *due > until_ || lines_.size() >= limit_) break;
      add_followed(*due);
      from = *due;
    }
    return std::move(lines_);
  }

 private:
  void add(TimePoint at, bool due, Reason reason, std::string text) {
    lines_.push_back({at, due, reason, std::move(text)});
  }

  void add_settled(LocalTime reading, const Shown& shown) {
    const std::string what = date_and_time(reading);
    if (!lines_.empty() && lines_.back().at == shown.first) {
      add(shown.first, false, Reason::merged, what + " falls together with the one before: due once");
    } else if (shown.times == Shown::never) {
      add(shown.first, true, Reason::after_gap,
          what + " is skipped in " + zone_ + ": due at " + end_of_gap(reading, shown));
    } else if (shown.times == Shown::twice) {
      add(shown.first, true, Reason::first_of_two, what + " comes twice in " + zone_ + ": due the first time");
    } else {
      add(shown.first, true, Reason::as_written, what + " in " + zone_);
    }
  }

  void add_followed(TimePoint at) {
    const LocalTime reading = clock_.zone.local(at);
    const auto shown = clock_.zone.shown(reading);
    const std::string what = date_and_time(reading);
    if (shown.times != Shown::twice) return add(at, true, Reason::as_written, what + " in " + zone_);
    add(at, true, Reason::each_of_two,
        what + " comes twice in " + zone_ + ": due both times, this is the " +
            (at == shown.first ? "first" : "second"));
  }

  void add_gaps(TimePoint from, TimePoint to) {
    const auto& zone = clock_.zone;
    for (auto change = zone.next_change(from); change && *change <= to; change = zone.next_change(*change)) {
      const LocalTime end = zone.local(*change);
      auto reading = clock_.first_reading(zone.local(*change - seconds{1}) + seconds{1});
      for (; reading && *reading < end && lines_.size() < limit_;
           reading = clock_.first_reading(*reading + seconds{1})) {
        add(*change, false, Reason::in_gap, date_and_time(*reading) + " is skipped in " + zone_ + ": not due");
      }
    }
  }

  // With the date where that is another one.
  std::string end_of_gap(LocalTime reading, const Shown& shown) const {
    const LocalTime end = clock_.zone.local(shown.first);
    const auto day = [](LocalTime time) { return std::chrono::floor<std::chrono::days>(time); };
    return day(end) == day(reading) ? time_alone(end) : date_and_time(end);
  }

  const WallClock& clock_;
  std::string zone_;
  TimePoint after_;
  TimePoint until_;
  std::size_t limit_;
  std::vector<Explained> lines_;
};

}  // namespace

std::vector<Explained> WallClock::explain(TimePoint after, TimePoint until, std::size_t limit) const {
  Account account(*this, after, until, limit);
  return changes == Changes::settle ? account.settled() : account.followed();
}

}  // namespace taskcore::schedule
