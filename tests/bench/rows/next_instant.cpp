// How fast the next instant of a wall-clock schedule is found, in a zone with daylight saving time.
#include <stdexcept>

#include "rows/rows.hpp"
#include "taskcore/schedule.hpp"

namespace bench {
namespace {

double instants_per_second(const taskcore::Schedule& schedule, taskcore::TimePoint from, std::size_t count) {
  const auto start = now();
  taskcore::TimePoint at = from;
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = schedule.next(at);
    if (!next || *next <= at) throw std::runtime_error("the schedule does not go on");
    at = i % 10000 == 9999 ? from : *next;  // Some 27 years, then again.
  }
  return static_cast<double>(count) / seconds_since(start);
}

}  // namespace

void measure_next_instant(const Settings& settings, Report& report) {
  taskcore::ScheduleContext context;
  context.timezone = "Europe/Berlin";
  const auto from = taskcore::parse_time("2026-01-01T00:00:00Z").value();
  const auto schedule = taskcore::Schedule::parse("daily at 2:30", context).value();
  const std::size_t count = settings.size(2'000'000, 10000);
  std::vector<double> rounds;
  for (int i = 0; i < settings.rounds(); ++i) rounds.push_back(instants_per_second(schedule, from, count));
  Line line{
      .row = "next", .name = "next instant, \"daily at 2:30\" in Europe/Berlin", .unit = "/s", .ours = figure(rounds)};
  line.setup = std::to_string(count) + " a round, each from the one before, 2026 to 2053";
  line.must = Limit{"≥ 1M/s", line.ours.value >= 1e6};
  line.goal = Limit{"≥ 5M/s", line.ours.value >= 5e6};
  line.published = "of cron expressions: croner 12k to 24k/s, croniter 12k to 33k/s, cron-parser 3k to 13k/s";
  report.add(std::move(line));
}

}  // namespace bench
