// The starts of a sliding period, and how many more a rate allows. Pure: a value and an instant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "taskcore/queue.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// Starts are counted by the tenth of a period, each count kept until the last start that it may stand for is out of
/// the period: never more than the rate, and at most eleven counts.
class RateWindow {
 public:
  /// `starts` is what `text` gave, maybe of a rate that was another; anything else counts as empty. A count of later
  /// than `now` (the clock was set back) is one of now.
  RateWindow(Rate rate, std::string_view starts, TimePoint now);

  /// How many may start at `now`.
  int room() const noexcept;
  void take(int count = 1);
  /// When there is room; now or earlier if there is.
  TimePoint free_at() const noexcept;

  std::string text() const;
  /// When it is as good as empty.
  TimePoint expires_at() const noexcept;

 private:
  struct Count {
    TimePoint last{};  // the latest start that it may stand for
    int starts = 0;
  };
  std::int64_t starts() const noexcept;

  Rate rate_;
  TimePoint now_;
  std::vector<Count> counts_{};  // oldest first
};

}  // namespace taskcore
