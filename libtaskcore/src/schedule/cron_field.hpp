// One field of a cron expression: a list of values, ranges and steps, read into a set of bits.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "taskcore/result.hpp"

namespace taskcore::schedule {

/// What may stand in a field.
struct CronField {
  std::string_view name;      ///< "a minute"
  std::string_view expected;  ///< "0 to 59"
  unsigned lowest;
  unsigned highest;  ///< Where `*` and `5/15` end; for weekdays 6, though 7 is read, too.
  std::span<const std::string_view> names{};
};

extern const CronField kSecondField;
extern const CronField kMinuteField;
extern const CronField kHourField;
extern const CronField kDateField;
extern const CronField kMonthField;
extern const CronField kWeekdayField;

/// Where errors are: `text` is the whole schedule and holds every piece of it that is read.
struct CronText {
  std::string_view text;

  /// "at character 5, "32": ..."; pointer "/schedule".
  Error error(std::string_view piece, const std::string& what) const;
  /// The same, saying what the field takes.
  Error unreadable(const CronField& kind, std::string_view piece) const;
};

/// Reads "5", "1-30/2", "*/5" and "5/15", and lists of these. Weekday 7 is bit 0.
Result<std::uint64_t> read_cron_field(const CronField& kind, std::string_view field, const CronText& text);

/// One item of such a list.
Result<std::uint64_t> read_cron_item(const CronField& kind, std::string_view item, const CronText& text);

/// One value: a number or a name.
Result<unsigned> read_cron_value(const CronField& kind, std::string_view word, const CronText& text);

/// Calls `read` for each item of a list until one is an error, which it gives.
template <class Read>
Result<void> for_each_cron_item(std::string_view field, Read read) {
  for (;;) {
    const std::size_t comma = field.find(',');
    const Result<void> done = read(field.substr(0, comma));
    if (!done || comma == std::string_view::npos) return done;
    field.remove_prefix(comma + 1);
  }
}

}  // namespace taskcore::schedule
