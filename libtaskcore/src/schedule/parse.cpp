// The first word of a schedule says who reads the rest: see parse.hpp.
#include "schedule/parse.hpp"

#include <array>

#include "model/quote.hpp"

namespace taskcore::schedule {

namespace {

constexpr std::size_t kLongestText = 1000;

Result<Reading> read_after(const Request& request) {
  if (request.rest.size() == 1 && is(request.rest[0], "dependencies")) return Reading{AfterDependencies{}, {}};
  return invalid("/schedule", "after \"after\" comes \"dependencies\"; which ones the task's own field says");
}

struct Form {
  std::string_view word;
  Result<Reading> (*read)(const Request&);
};

constexpr std::array<Form, 12> kForms{{
    {"every", read_every},
    {"daily", read_daily},
    {"weekly", read_weekly},
    {"monthly", read_monthly},
    {"weekdays", read_weekdays},
    {"weekday", read_weekdays},
    {"weekends", read_weekends},
    {"weekend", read_weekends},
    {"at", read_at},
    {"in", read_in},
    {"now", read_now},
    {"after", read_after},
}};

Result<Reading> read_text(std::string_view text, const ScheduleContext& context, const TimeZone& zone) {
  if (trimmed(text).size() > kLongestText) return invalid("/schedule", "is too long; up to 1000 characters are read");
  const auto words = split(text);
  if (words.empty() || (words.size() == 1 && is(words[0], "manual"))) return Reading{Never{}, "manual"};
  if (looks_like_cron(text)) return read_cron(text, zone);
  for (const Form& form : kForms) {
    if (is(words[0], form.word)) return form.read({Words(words).subspan(1), context, zone});
  }
  return invalid("/schedule",
                 "cannot read " + in_quotes(trimmed(text)) +
                     "; use \"manual\", \"every 5 minutes\", \"daily at 9:00 and 17:30\", \"weekdays at 8:30\", "
                     "\"weekly on monday at 9:00\", \"monthly on 1, last at 9:00\", \"at 2027-01-31T09:00:00Z\", "
                     "\"in 10 minutes\", \"now\", \"after dependencies\" or cron such as \"30 9 * * MON-FRI\"");
}

}  // namespace

Result<Reading> read(std::string_view text, const ScheduleContext& context) {
  const auto zone = TimeZone::find(context.timezone);
  auto reading = read_text(text, context, zone ? *zone : TimeZone());
  if (!zone && !reading) {
    // Both faults at once, so that the user mends them in one go. error() is a copy, so each is taken once.
    Error both = reading.error();
    const Error second = zone.error();
    both.detail += "; " + second.detail;
    both.fields.insert(both.fields.end(), second.fields.begin(), second.fields.end());
    return both;
  }
  if (!zone) return zone.error();
  if (reading && !context.closed_days.none()) {
    auto open = under_calendar(std::move(reading->instants), *zone, context.closed_days, context.on_closed_day);
    if (!open) return open.error();
    reading->instants = std::move(*open);
  }
  if (reading && reading->text.empty()) reading->text = trimmed(text);
  return reading;
}

}  // namespace taskcore::schedule
