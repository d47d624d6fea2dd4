// `taskd next`: see next.hpp.
#include "cli/next.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <exception>
#include <istream>
#include <ostream>

#include "cli/calendar_file.hpp"
#include "http/strict_json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;
using taskcore::TimePoint;

namespace {

constexpr std::size_t kMaxCount = 10'000;

/// "2026-03-29T01:00:00Z"; the fraction only where there is one.
std::string instant_text(TimePoint at) {
  std::string text = taskcore::format_time(at);
  constexpr std::string_view kWhole = ".000Z";
  if (text.size() > kWhole.size() && text.substr(text.size() - kWhole.size()) == kWhole) {
    text.replace(text.size() - kWhole.size(), kWhole.size(), "Z");
  }
  return text;
}

Result<std::size_t> checked_count(std::int64_t count) {
  if (count >= 1 && count <= static_cast<std::int64_t>(kMaxCount)) return static_cast<std::size_t>(count);
  return fail(Errc::invalid, "count: must be a whole number from 1 to 10000");
}

TimePoint wall_clock() { return std::chrono::time_point_cast<taskcore::Duration>(std::chrono::system_clock::now()); }

/// A member that is a string or null; absent and null leave `target` alone.
Result<void> take_text(const json::value& value, std::string_view name, std::string& target) {
  if (value.is_null()) return {};
  if (!value.is_string()) return fail(Errc::invalid, std::string(name) + ": must be a string");
  target = std::string_view(value.get_string());
  return {};
}

Result<NextQuestion> read_question(std::string_view line, const NextQuestion& base) {
  auto value = parse_strict_json(line);
  if (!value) return fail(Errc::invalid, "not JSON: " + value.error().detail);
  const json::object* object = value->if_object();
  if (object == nullptr) return fail(Errc::invalid, "not a JSON object");
  NextQuestion question = base;
  std::string from;
  if (!object->contains("schedule")) return fail(Errc::invalid, "schedule: is missing");
  for (const auto& [key, member] : *object) {
    Result<void> taken;
    if (key == "schedule") {
      taken = take_text(member, "schedule", question.schedule);
    } else if (key == "tz") {
      taken = take_text(member, "tz", question.context.timezone);
    } else if (key == "from") {
      taken = take_text(member, "from", from);
    } else if (key == "count") {
      if (member.is_null()) continue;
      auto count = checked_count(member.is_int64() ? member.get_int64() : 0);
      if (!count) return count.error();
      question.count = *count;
    } else {
      return fail(Errc::invalid, std::string(key) + ": unknown; schedule, tz, from and count are known");
    }
    if (!taken) return taken.error();
  }
  if (!from.empty()) {
    auto at = taskcore::parse_time(from);
    if (!at) return fail(Errc::invalid, "from: " + at.error().detail);
    question.from = *at;
  }
  return question;
}

Result<taskcore::Schedule> read_schedule(const NextQuestion& question) {
  taskcore::ScheduleContext context = question.context;
  context.set_at = question.from;
  return taskcore::Schedule::parse(question.schedule, context);
}

/// "2026-03-29T01:00:00Z  2026-03-29 02:30 is skipped in Europe/Berlin: due at 03:00"; a dash for what is not due.
void print_explained(const taskcore::Schedule& schedule, const NextQuestion& question, std::ostream& out) {
  out << schedule.describe() << '\n';
  constexpr std::string_view kNone = "-                   ";
  for (const auto& line : schedule.explain(question.from, TimePoint::max(), question.count)) {
    out << (line.due ? instant_text(line.at) : std::string(kNone)) << "  " << line.text << '\n';
  }
}

}  // namespace

Result<std::vector<std::string>> next_instants(const NextQuestion& question) {
  const auto schedule = read_schedule(question);
  if (!schedule) return schedule.error();
  std::vector<std::string> out;
  for (const TimePoint at : schedule->next(question.from, question.count)) out.push_back(instant_text(at));
  return out;
}

std::string answer_line(std::string_view line, const NextQuestion& base) {
  const auto refuse = [](const std::string& why) { return json::serialize(json::object{{"error", why}}); };
  try {
    const auto question = read_question(line, base);
    if (!question) return refuse(question.error().detail);
    const auto instants = next_instants(*question);
    if (!instants) return refuse(instants.error().detail);
    return json::serialize(json::array(instants->begin(), instants->end()));
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}

int run_next(const NextCommand& command, const std::string& default_timezone, std::istream& in, std::ostream& out,
             std::ostream& err) {
  const auto refuse = [&](const std::string& why) {
    err << "taskd: " << why << '\n';
    return kExitUsage;
  };
  NextQuestion question;
  question.context.timezone = command.timezone.empty() ? default_timezone : command.timezone;
  if (!command.calendar.empty()) {
    auto days = read_calendar_file(command.calendar);
    if (!days) return refuse(days.error().detail);
    question.context.closed_days = std::move(*days);
    if (command.on_closed_day == "next_working_day") {
      question.context.on_closed_day = taskcore::OnClosedDay::next_working_day;
    }
  }
  question.from = wall_clock();
  if (command.batch) {
    for (std::string line; std::getline(in, line); question.from = wall_clock()) {
      out << answer_line(line, question) << '\n';
    }
    out.flush();
    return 0;
  }
  std::int64_t number = 0;
  const char* end = command.count.data() + command.count.size();
  const auto parsed = std::from_chars(command.count.data(), end, number);
  const auto count = checked_count(parsed.ec == std::errc() && parsed.ptr == end ? number : 0);
  if (!count) return refuse("--" + count.error().detail);
  question.schedule = command.schedule;
  question.count = *count;
  if (!command.from.empty()) {
    const auto at = taskcore::parse_time(command.from);
    if (!at) return refuse("--from: " + at.error().detail);
    question.from = *at;
  }
  if (command.explain) {
    const auto schedule = read_schedule(question);
    if (!schedule) return refuse(schedule.error().detail);
    print_explained(*schedule, question, out);
    out.flush();
    return 0;
  }
  const auto instants = next_instants(question);
  if (!instants) return refuse(instants.error().detail);
  for (const std::string& instant : *instants) out << instant << '\n';
  out.flush();
  return 0;
}

}  // namespace taskd
