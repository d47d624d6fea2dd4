// How fast the next instant of a wall-clock schedule is found, in a zone with daylight saving time. Beside it croner,
// where BENCH_CRONER names a directory of node_modules that has it.
#include <cstdlib>
#include <stdexcept>

#include "harness/process.hpp"
#include "rows/rows.hpp"
#include "taskcore/schedule.hpp"

namespace bench {
namespace {

constexpr const char* kZone = "Europe/Berlin";
constexpr const char* kFrom = "2026-01-01T00:00:00Z";

struct Subject {
  const char* text;
  std::size_t in_a_row;  ///< Each from the one before, then again from 2026.
  double must;
  double goal;
  bool cron;
};

constexpr Subject kSubjects[] = {
    {"daily at 2:30", 10'000, 1e6, 5e6, false}, {"*/5 9-17 * * MON-FRI", 10'000, 1e6, 5e6, true},
    {"30 2 * * *", 10'000, 1e6, 5e6, true},     {"*/5 * * * *", 10'000, 1e6, 5e6, true},
    {"0 0 29 2 *", 10, 3e5, 1e6, true},         {"0 9 LW 1,7 *", 100, 3e5, 1e6, true},
    {"0 0 */28 2 MON#5", 4, 3e5, 1e6, true},
};

double instants_per_second(const taskcore::Schedule& schedule, std::size_t in_a_row, std::size_t count) {
  const auto from = taskcore::parse_time(kFrom).value();
  const auto start = now();
  taskcore::TimePoint at = from;
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = schedule.next(at);
    if (!next || *next <= at) throw std::runtime_error("the schedule does not go on");
    at = i % in_a_row == in_a_row - 1 ? from : *next;
  }
  return static_cast<double>(count) / seconds_since(start);
}

// The same walk; the words after the script are its arguments.
double croners_per_second(const std::string& modules, const Subject& subject, std::size_t count) {
  constexpr const char* kScript = R"(
    const [modules, text, zone, from, inARow, count] = process.argv.slice(1);
    const { Cron } = require(modules + "/croner");
    const cron = new Cron(text, { timezone: zone, paused: true });
    const begin = new Date(from);
    const walk = (count) => {
      for (let i = 0, at = begin; i < count; ++i) at = i % inARow == inARow - 1 ? begin : cron.nextRun(at);
    };
    walk(Math.min(1000, count));
    const start = performance.now();
    walk(Number(count));
    console.log(Number(count) / (performance.now() - start) * 1000);
  )";
  Process node({"node", "-e", kScript, modules, subject.text, kZone, kFrom, std::to_string(subject.in_a_row),
                std::to_string(count)});
  const std::string rate = node.read_line();
  if (rate.empty()) throw std::runtime_error("croner said nothing: is BENCH_CRONER a directory of node_modules?");
  return std::stod(rate);
}

void measure(const Subject& subject, const Settings& settings, Report& report) {
  taskcore::ScheduleContext context;
  context.timezone = kZone;
  const auto schedule = taskcore::Schedule::parse(subject.text, context).value();
  const std::size_t count = settings.size(2'000'000, 10'000);
  const std::size_t croners = settings.size(20'000, 100);
  const char* modules = std::getenv("BENCH_CRONER");
  const auto ours = [&] { return instants_per_second(schedule, subject.in_a_row, count); };
  Line line{.row = "next", .name = std::string("next of \"") + subject.text + "\" in " + kZone, .unit = "/s"};
  if (modules != nullptr && subject.cron) {
    const auto pair =
        take_turns(settings.rounds(), ours, [&] { return croners_per_second(modules, subject, croners); });
    line.ours = pair.ours;
    line.raw = pair.raw;
    line.raw_name = "croner on Node, the same walk, " + std::to_string(croners) + " a round";
  } else {
    std::vector<double> rounds;
    for (int i = 0; i < settings.rounds(); ++i) rounds.push_back(ours());
    line.ours = figure(rounds);
  }
  line.setup = std::to_string(count) + " a round, " + std::to_string(subject.in_a_row) + " in a row from 2026";
  line.must = Limit{subject.must < 1e6 ? "≥ 300k/s" : "≥ 1M/s", line.ours.value >= subject.must};
  line.goal = Limit{subject.goal < 5e6 ? "≥ 1M/s" : "≥ 5M/s", line.ours.value >= subject.goal};
  line.published = "of cron expressions: croner 12k to 24k/s, croniter 12k to 33k/s, cron-parser 3k to 13k/s";
  report.add(std::move(line));
}

}  // namespace

void measure_next_instant(const Settings& settings, Report& report) {
  for (const Subject& subject : kSubjects) measure(subject, settings, report);
}

}  // namespace bench
