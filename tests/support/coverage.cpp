#include "support/coverage.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "engine/definition.hpp"

namespace taskcore::testing {
namespace {

constexpr std::size_t kRowsAtOnce = 1000;

/// Instants in a row that were decided together.
struct Decided {
  TimePoint from{};
  TimePoint to{};
  std::size_t count = 0;
};

TimePoint time_at(const boost::json::value& data, const char* name) {
  return parse_time(boost::json::value_to<std::string>(data.at(name))).value();
}

void read_runs(StoreReader& reader, TaskKey task, std::vector<Decided>& decided, Coverage& out) {
  RunKey after = 0;
  for (;;) {
    const auto rows = reader.runs_after(task, after, kRowsAtOnce).value();
    for (const RunRow& run : rows) {
      after = run.id;
      if (run.trigger != Trigger::schedule) continue;
      if (!is_settled(run.state)) out.fault = "run " + std::to_string(run.id) + " has not ended";
      decided.push_back({run.missed_from.value_or(*run.scheduled_for), *run.scheduled_for,
                         static_cast<std::size_t>(run.missed_count) + 1});
      out.runs += 1;
      out.coalesced += static_cast<std::size_t>(run.missed_count);
    }
    if (rows.size() < kRowsAtOnce) return;
  }
}

void read_skips(StoreReader& reader, TaskKey task, std::vector<Decided>& decided, Coverage& out) {
  LogRange range{.task = task, .limit = kRowsAtOnce};
  for (;;) {
    const auto lines = reader.logs(range).value();
    for (const LogRow& line : lines) {
      range.after_id = line.id;
      if (!line.message.starts_with("skipped")) continue;
      const auto data = boost::json::parse(line.data);
      decided.push_back({time_at(data, "from"), time_at(data, "to"), data.at("count").to_number<std::size_t>()});
      out.skipped += decided.back().count;
    }
    if (lines.size() < kRowsAtOnce) return;
  }
}

}  // namespace

Coverage& Coverage::operator+=(const Coverage& other) {
  runs += other.runs;
  coalesced += other.coalesced;
  skipped += other.skipped;
  if (fault.empty()) fault = other.fault;
  return *this;
}

Coverage cover(StoreReader& reader, const TaskRow& task) {
  Coverage out;
  std::vector<Decided> decided;
  read_runs(reader, task.key, decided, out);
  read_skips(reader, task.key, decided, out);
  std::sort(decided.begin(), decided.end(), [](const Decided& a, const Decided& b) { return a.from < b.from; });

  const auto definition = make_definition(task, calendars_of(reader)).value();
  const Schedule& schedule = definition->schedule;
  auto instant = schedule.first();
  const auto complain = [&](TimePoint at, const char* what) {
    out.fault = "task " + task.id + " (" + schedule.text() + "): " + what + " " + format_time(at);
  };
  for (const Decided& each : decided) {
    if (instant != each.from) {
      complain(each.from,
               instant && *instant < each.from ? "nothing became of an instant before" : "twice, or not due:");
      return out;
    }
    for (std::size_t i = 1; i < each.count && instant; ++i) instant = schedule.next(*instant);
    if (instant != each.to) {
      complain(each.to, "the count does not lead to");
      return out;
    }
    instant = schedule.next(*instant);
  }
  if (static_cast<std::int64_t>(out.runs) != task.state.schedule_runs) complain({}, "its runs are counted wrongly");
  const auto most = definition->spec().max_runs;
  if (most && task.state.schedule_runs >= *most) instant.reset();
  if (instant != task.state.next_due) complain(instant.value_or(TimePoint{}), "nothing became of");
  return out;
}

}  // namespace taskcore::testing
