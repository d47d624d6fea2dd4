// See cron_field.hpp.
#include "schedule/cron_field.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "model/quote.hpp"
#include "schedule/words.hpp"

namespace taskcore::schedule {

namespace {

constexpr std::array<std::string_view, 12> kMonthNames{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdayNames{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

constexpr unsigned kSunday = 7;

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

// A falling range goes over the end of the week only where its end is a Sunday: FRI-SUN is 5-7.
std::uint64_t range(const CronField& kind, unsigned low, unsigned high, unsigned step) {
  std::uint64_t out = 0;
  for (unsigned value = low; value <= high; value += step) {
    out |= std::uint64_t{1} << (&kind == &kWeekdayField ? value % 7 : value);
  }
  return out;
}

Error falling(const CronField& kind, std::string_view item, const CronText& text) {
  const std::string mend = &kind == &kWeekdayField
                               ? "a range that falls; write two, such as \"FRI-SUN,MON\" (0 and 7 are Sunday)"
                               : "a range that falls; write two, such as \"" + std::to_string(kind.highest - 1) + "-" +
                                     std::to_string(kind.highest) + "," + std::to_string(kind.lowest) + "-" +
                                     std::to_string(kind.lowest + 1) + "\"";
  return text.error(item, mend);
}

}  // namespace

constinit const CronField kSecondField{"a second", "0 to 59", 0, 59};
constinit const CronField kMinuteField{"a minute", "0 to 59", 0, 59};
constinit const CronField kHourField{"an hour", "0 to 23", 0, 23};
constinit const CronField kDateField{"a day of the month", "1 to 31, L, L-3, 15W or LW", 1, 31};
constinit const CronField kMonthField{"a month", "1 to 12 or JAN to DEC", 1, 12, kMonthNames};
constinit const CronField kWeekdayField{"a weekday", "0 to 7 (0 and 7 are Sunday), SUN to SAT, 5L, FRIL or MON#1", 0, 6,
                                        kWeekdayNames};

Error CronText::error(std::string_view piece, const std::string& what) const {
  const auto column = piece.data() - text.data() + 1;
  return invalid("/schedule", "at character " + std::to_string(column) + ", " + in_quotes(piece) + ": " + what);
}

Error CronText::unreadable(const CronField& kind, std::string_view piece) const {
  return error(piece, "not " + std::string(kind.name) + "; write " + std::string(kind.expected) +
                          ", a range such as 1-5, a list with commas, or a step such as */2");
}

Result<unsigned> read_cron_value(const CronField& kind, std::string_view word, const CronText& text) {
  const auto named = std::find_if(kind.names.begin(), kind.names.end(), [&](auto name) { return is(word, name); });
  if (named != kind.names.end()) return kind.lowest + static_cast<unsigned>(named - kind.names.begin());
  unsigned value = 0;
  const unsigned highest = &kind == &kWeekdayField ? kSunday : kind.highest;
  if (!is_number(word) || std::from_chars(word.data(), word.data() + word.size(), value).ec != std::errc() ||
      value < kind.lowest || value > highest) {
    return text.unreadable(kind, word);
  }
  return value;
}

Result<std::uint64_t> read_cron_item(const CronField& kind, std::string_view item, const CronText& text) {
  const std::size_t slash = std::min(item.find('/'), item.size());
  const std::string_view values = item.substr(0, slash);
  unsigned step = 1;
  if (slash < item.size()) {
    const std::string_view word = item.substr(slash + 1);
    const unsigned longest = kind.highest - kind.lowest + 1;
    if (!is_number(word) || std::from_chars(word.data(), word.data() + word.size(), step).ec != std::errc() ||
        step == 0 || step > longest) {
      return text.error(word, "not a step of this field; write 1 to " + std::to_string(longest));
    }
  }
  if (values == "*" || values == "?") return range(kind, kind.lowest, kind.highest, step);
  const std::size_t dash = std::min(values.find('-'), values.size());
  const auto low = read_cron_value(kind, values.substr(0, dash), text);
  if (!low) return low.error();
  if (dash == values.size()) {
    return range(kind, *low, slash < item.size() ? std::max(*low, kind.highest) : *low, step);
  }
  const auto end = read_cron_value(kind, values.substr(dash + 1), text);
  if (!end) return end.error();
  const bool to_sunday = &kind == &kWeekdayField && is(values.substr(dash + 1), "sun") && *low > 0;
  const unsigned high = to_sunday ? kSunday : *end;
  if (high < *low) return falling(kind, values, text);
  return range(kind, *low, high, step);
}

Result<std::uint64_t> read_cron_field(const CronField& kind, std::string_view field, const CronText& text) {
  std::uint64_t out = 0;
  const auto done = for_each_cron_item(field, [&](std::string_view item) -> Result<void> {
    const auto bits = read_cron_item(kind, item, text);
    if (!bits) return bits.error();
    out |= *bits;
    return {};
  });
  if (!done) return done.error();
  return out;
}

}  // namespace taskcore::schedule
