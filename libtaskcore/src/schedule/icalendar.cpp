// Whole-day events of an iCalendar text as entries of a calendar: see dates_from_icalendar.
#include <algorithm>
#include <set>

#include "model/quote.hpp"
#include "schedule/icalendar_rule.hpp"
#include "taskcore/calendar.hpp"

namespace taskcore {

namespace {

using schedule::read_ical_date;
using schedule::YearlyRule;
using std::chrono::days;
using std::chrono::local_days;

constexpr std::size_t kMaxText = 1024 * 1024;
constexpr std::size_t kMaxEntries = 10'000;
constexpr std::string_view kMidnight = "T000000";

/// One line of content, unfolded: `name;parameters:value`. Parameters are not needed, what they say shows in the value.
struct Line {
  std::size_t number = 0;
  std::string text{};

  std::string_view name() const { return std::string_view(text).substr(0, text.find_first_of(";:")); }
  std::string_view value() const {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') quoted = !quoted;
      if (text[i] == ':' && !quoted) return std::string_view(text).substr(i + 1);
    }
    return {};
  }
  Error error(const std::string& what) const { return invalid("", "line " + std::to_string(number) + ": " + what); }
};

/// A line that begins with a blank goes on with the one before it.
std::vector<Line> unfold(std::string_view text) {
  std::vector<Line> lines;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!lines.empty() && (line.starts_with(' ') || line.starts_with('\t'))) {
      lines.back().text += line.substr(1);
    } else if (!line.empty()) {
      lines.push_back({number, std::string(line)});
    }
  }
  return lines;
}

/// A date, or midnight, which begins a day likewise.
Result<local_days> read_day(const Line& line, std::string_view value) {
  const std::size_t time = std::min(value.find('T'), value.size());
  const auto day = read_ical_date(value.substr(0, time));
  if (!day) return line.error("cannot read " + in_quotes(value) + " as a date such as 20261225");
  if (time < value.size() && value.substr(time) != kMidnight && value.substr(time) != "T000000Z") {
    return line.error("the event has a time of day; only whole days can be closed");
  }
  return *day;
}

/// "P3D", "P1W".
Result<days> read_length(const Line& line) {
  const std::string_view text = line.value();
  const bool in_weeks = text.ends_with('W');
  int count = 0;
  const bool framed = text.size() >= 3 && text.size() <= 6 && text.front() == 'P' && (in_weeks || text.ends_with('D'));
  for (const char c : framed ? text.substr(1, text.size() - 2) : "?") {
    if (c < '0' || c > '9') return line.error("cannot read " + in_quotes(text) + " as a number of days such as P3D");
    count = count * 10 + (c - '0');
  }
  return days{in_weeks ? count * 7 : count};
}

struct Event {
  Line at{};
  std::optional<local_days> start{};
  std::optional<local_days> end{};  ///< The day after the last.
  std::optional<days> length{};
  std::optional<YearlyRule> rule{};
  std::vector<local_days> also{};
  std::vector<local_days> except{};
  bool timed = false;  ///< DTSTART is midnight: then the end must be told.
  bool cancelled = false;

  Result<void> take(const Line& line);
  Result<void> write(std::vector<std::string>& out) const;
};

Result<void> take_days(const Line& line, std::vector<local_days>& out) {
  std::string_view rest = line.value();
  for (;;) {
    const std::size_t comma = rest.find(',');
    const auto day = read_day(line, rest.substr(0, comma));
    if (!day) return day.error();
    out.push_back(*day);
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

Result<void> Event::take(const Line& line) {
  const std::string_view name = line.name();
  if (name == "DTSTART" || name == "DTEND") {
    const auto day = read_day(line, line.value());
    if (!day) return day.error();
    (name == "DTSTART" ? start : end) = *day;
    timed = timed || (name == "DTSTART" && line.value().find('T') != std::string_view::npos);
  } else if (name == "DURATION") {
    const auto read = read_length(line);
    if (!read) return read.error();
    length = *read;
  } else if (name == "RRULE") {
    auto read = YearlyRule::parse(line.value());
    if (!read) return line.error(read.error().detail);
    if (rule) return line.error("the event has a second rule; one is read");
    rule = *read;
  } else if (name == "RDATE" || name == "EXDATE") {
    return take_days(line, name == "RDATE" ? also : except);
  } else if (name == "RECURRENCE-ID") {
    return line.error("changes of single occurrences are not read; write them out as events of their own");
  } else if (name == "STATUS") {
    cancelled = line.value() == "CANCELLED";
  }
  return {};
}

// "2026-12-25", "2026-12-24/2026-12-26"; without the years when it is for every year.
std::string entry(local_days first, days length, bool every_year) {
  const auto text = [&](local_days day) {
    return format_time(TimePoint{day.time_since_epoch()}).substr(every_year ? 5 : 0, every_year ? 5 : 10);
  };
  return length > days{1} ? text(first) + "/" + text(first + length - days{1}) : text(first);
}

Result<void> Event::write(std::vector<std::string>& out) const {
  if (cancelled) return {};
  if (!start) return at.error("the event has no DTSTART");
  if (timed && !end && !length) return at.error("the event has a time of day; only whole days can be closed");
  const days whole = end ? *end - *start : length.value_or(days{1});
  if (whole < days{0} || whole >= days{366}) return at.error("the event must be from 1 to 365 days long");
  if (rule && rule->is_every_year_on(*start) && except.empty()) {
    out.push_back(entry(*start, whole, true));
  } else {
    for (const local_days day : rule ? rule->days(*start) : std::vector{*start}) {
      if (std::find(except.begin(), except.end(), day) == except.end()) out.push_back(entry(day, whole, false));
    }
  }
  for (const local_days day : also) out.push_back(entry(day, whole, false));
  return {};
}

/// In the order in which they come, each once.
void drop_repeated(std::vector<std::string>& entries) {
  std::set<std::string> seen;
  std::erase_if(entries, [&](const std::string& each) { return !seen.insert(each).second; });
}

}  // namespace

Result<std::vector<std::string>> dates_from_icalendar(std::string_view text) {
  if (text.size() > kMaxText) return invalid("", "must be at most 1 MiB of iCalendar text");
  const std::vector<Line> lines = unfold(text);
  if (lines.empty() || lines.front().text != "BEGIN:VCALENDAR") {
    return invalid("", "line 1: an iCalendar text begins with BEGIN:VCALENDAR");
  }
  std::vector<std::string> out;
  std::optional<Event> event;
  std::size_t depth = 0;  // of components within the event, such as alarms
  for (const Line& line : lines) {
    const bool begins = line.name() == "BEGIN";
    const bool ends = line.name() == "END";
    if (!event) {
      if (begins && line.value() == "VEVENT") event.emplace(Event{line});
    } else if (ends && depth == 0) {
      if (auto written = event->write(out); !written) return written.error();
      if (out.size() > kMaxEntries) return line.error("the text has more than 10,000 closed days");
      event.reset();
    } else if (begins || ends) {
      depth = begins ? depth + 1 : depth - 1;
    } else if (depth == 0) {
      if (auto taken = event->take(line); !taken) return taken.error();
    }
  }
  if (event) return event->at.error("the event has no END:VEVENT");
  drop_repeated(out);
  return out;
}

}  // namespace taskcore
