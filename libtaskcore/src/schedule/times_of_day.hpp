// At which times of day a wall-clock schedule is due, as the wall shows them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace taskcore::schedule {

/// All hours, minutes and seconds of these sets together: cron's way. None of them is empty.
struct ClockFields {
  std::uint32_t hours = 0;    ///< Bits 0 to 23.
  std::uint64_t minutes = 0;  ///< Bits 0 to 59.
  std::uint64_t seconds = 0;  ///< Bits 0 to 59.
};

/// Times written down one by one, since the day's 0:00; sorted, each once, never empty.
using ListedTimes = std::vector<std::chrono::seconds>;

/// A set of times of day.
class TimesOfDay {
 public:
  explicit TimesOfDay(ClockFields fields) : times_(fields) {}
  explicit TimesOfDay(ListedTimes times) : times_(std::move(times)) {}

  /// The first that is `time` or later; none when the day has no more.
  std::optional<std::chrono::seconds> first_from(std::chrono::seconds time) const;

  /// How many are earlier than `time`, which is below 24 hours; and how many there are.
  std::size_t count_before(std::chrono::seconds time) const;
  std::size_t count() const;

  const ClockFields* fields() const { return std::get_if<ClockFields>(&times_); }

 private:
  std::variant<ClockFields, ListedTimes> times_;
};

}  // namespace taskcore::schedule
