// See check_schedule.hpp.
#include "fuzz/check_schedule.hpp"

#include <string>

#include "fuzz/must.hpp"
#include "taskcore/schedule.hpp"

namespace taskcore::testing {

namespace {

using std::chrono::hours;

// A refusal points at the schedule, and can be printed and sent as it is.
void check_refusal(const Error& error) {
  must(error.code == Errc::invalid && error.fields.size() == 1, "refused without saying where");
  must(error.fields[0].pointer == "/schedule", "refused at another place");
  must(error.detail.size() < 1000, "refused at length");
  for (const char c : error.detail) must(c >= ' ' && c <= '~', "refused with bytes that cannot be printed");
}

void check_instants(const Schedule& schedule, TimePoint from) {
  constexpr std::size_t kWalked = 10;
  TimePoint at = from;
  const auto due = schedule.next(from, kWalked);
  for (const TimePoint instant : due) {
    must(instant > at, "next is not later");
    must(schedule.next(instant - Duration{1}) == instant, "next from just before is another one");
    at = instant;
  }
  must(schedule.elapsed(from, at).count == due.size(), "elapsed counts otherwise than next");
  std::size_t explained = 0;
  for (const auto& line : schedule.explain(from, at, 1000)) {
    must(!line.text.empty(), "explained without a word");
    if (line.due && explained < due.size()) must(line.at == due[explained++], "explain has other instants than next");
  }
  const auto years = schedule.elapsed(from, from + hours{24 * 36'525});
  must(years.count == 0 || (years.oldest && years.newest && *years.oldest <= *years.newest), "elapsed is out of order");
  must(due.empty() || years.count == 0 || years.oldest == due.front(), "the oldest is not the next");
}

}  // namespace

void check_schedule(std::string_view text) {
  ScheduleContext context;
  context.timezone = "Europe/Berlin";
  context.set_at = parse_time("2026-03-28T12:00:00.500Z").value();
  const auto schedule = Schedule::parse(text, context);
  if (!schedule) return check_refusal(schedule.error());
  must(!schedule->describe().empty(), "described without a word");
  const auto first = schedule->first();
  must(!first || schedule->kind() == Schedule::Kind::once || *first >= context.set_at, "begins before it is set");
  const auto again = Schedule::parse(schedule->text(), context);
  must(again && again->text() == schedule->text(), "its own text is read otherwise");
  must(again->next(context.set_at) == schedule->next(context.set_at), "its own text is due otherwise");
  check_instants(*schedule, context.set_at);
}

}  // namespace taskcore::testing
