// Cron: "30 9 * * MON-FRI", "0 30 9 * * *" with seconds, "@daily", each with "TZ=Europe/Berlin " before it or not.
#include <array>
#include <vector>

#include "model/quote.hpp"
#include "schedule/cron_days.hpp"
#include "schedule/parse.hpp"

namespace taskcore::schedule {

namespace {

struct Nickname {
  std::string_view word;
  std::string_view expression;
};

constexpr std::array<Nickname, 7> kNicknames{{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
}};

// An hour field that is open, by a star or a step, follows the clock; a fixed hour is meant once a day.
WallClock::Changes changes_of(std::string_view hours) {
  return hours.find_first_of("*?/") == std::string_view::npos ? WallClock::Changes::settle : WallClock::Changes::follow;
}

Result<WallClock> read_fields(std::span<const std::string_view> fields, const TimeZone& zone, const CronText& text) {
  ClockFields clock{0, 0, 1};
  if (fields.size() == 6) {
    const auto seconds = read_cron_field(kSecondField, fields[0], text);
    if (!seconds) return seconds.error();
    clock.seconds = *seconds;
    fields = fields.subspan(1);
  }
  const auto minutes = read_cron_field(kMinuteField, fields[0], text);
  if (!minutes) return minutes.error();
  clock.minutes = *minutes;
  const auto hours = read_cron_field(kHourField, fields[1], text);
  if (!hours) return hours.error();
  clock.hours = static_cast<std::uint32_t>(*hours);
  const auto days = read_cron_days(fields[2], fields[3], fields[4], text);
  if (!days) return days.error();
  return WallClock{{*days}, TimesOfDay(clock), zone, changes_of(fields[1])};
}

Result<WallClock> read_nickname(std::string_view word, const TimeZone& zone, const CronText& text) {
  for (const Nickname& nickname : kNicknames) {
    if (is(word, nickname.word)) {
      return read_fields(split_at_blanks(nickname.expression), zone, CronText{nickname.expression});
    }
  }
  if (is(word, "@reboot"))
    return text.error(word, "a start of the machine is no instant; use \"now\" for a run at once");
  return text.error(word, "unknown; write @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually");
}

// The zone's name after "TZ=" or "CRON_TZ="; empty when the word is no such prefix.
std::string_view zone_prefix(std::string_view word) {
  for (const std::string_view name : {"CRON_TZ=", "TZ="}) {
    if (word.starts_with(name)) return word.substr(name.size());
  }
  return {};
}

}  // namespace

bool looks_like_cron(std::string_view text) {
  constexpr std::string_view kBeginnings = "0123456789*?@";
  text = trimmed(text);
  if (text.empty()) return false;
  return kBeginnings.find(text.front()) != std::string_view::npos || text.find('*') != std::string_view::npos ||
         text.starts_with("TZ=") || text.starts_with("CRON_TZ=");
}

Result<Reading> read_cron(std::string_view text, const TimeZone& zone) {
  const CronText whole{text};
  const auto words = split_at_blanks(text);
  std::span<const std::string_view> fields(words);
  TimeZone in = zone;
  if (const std::string_view name = zone_prefix(fields[0]); !name.empty()) {
    const auto found = TimeZone::find(std::string(name));
    if (!found) return whole.error(name, found.error().fields.front().detail);
    in = *found;
    fields = fields.subspan(1);
  }
  const bool nickname = fields.size() == 1 && fields[0].front() == '@';
  if (!nickname && fields.size() != 5 && fields.size() != 6) {
    return whole.error(fields.empty() ? words[0] : as_written(fields),
                       "cron has 5 fields (minute, hour, day, month, weekday), or 6 with seconds first, not " +
                           std::to_string(fields.size()) +
                           "; other forms are \"every 5 minutes\" and \"daily at 9:00\"");
  }
  auto clock = nickname ? read_nickname(fields[0], in, whole) : read_fields(fields, in, whole);
  if (!clock) return clock.error();
  return Reading{std::move(*clock), {}};
}

}  // namespace taskcore::schedule
