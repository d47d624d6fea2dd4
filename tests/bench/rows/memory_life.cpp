// The whole life on the in-memory store: what the engine itself costs. Nothing limits it but the processor.
#include "harness/closed_loop.hpp"
#include "rows/rows.hpp"
#include "taskcore/stores/memory.hpp"

namespace bench {

void measure_memory_life(const Settings& settings, Report& report) {
  const Loop loop{.total = settings.size(300000, 3000), .in_flight = 3000, .batch = 1000};
  std::vector<double> rounds;
  for (int i = 0; i < settings.rounds(); ++i) rounds.push_back(lives_per_second(taskcore::memory(), loop));
  Line line{.row = "memory-life", .name = "in-memory store, whole life", .unit = "lives/s", .ours = figure(rounds)};
  line.setup = std::to_string(loop.total) + " lives a round, 3000 in flight, " + kThroughputSetup;
  line.must = Limit{"≥ 300k/s", line.ours.value >= 300e3};
  line.goal = Limit{"≥ 1M/s", line.ours.value >= 1e6};
  line.published = "Quartz RAMJobStore 38k/s";
  report.add(std::move(line));
}

}  // namespace bench
