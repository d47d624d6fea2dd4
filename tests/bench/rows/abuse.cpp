// A client that behaves, beside a thousand idle connections and clients that do not. Raw: the same server, left alone.
#include <string>

#include "harness/workspace.hpp"
#include "load/abusers.hpp"
#include "load/http_client.hpp"
#include "load/taskd_process.hpp"
#include "rows/rows.hpp"

namespace bench {

void measure_abuse(const Settings& settings, Report& report) {
  if (settings.taskd.empty()) return report.skip("abuse", "there is no taskd; --taskd names it");
  const Workspace workspace(settings);
  TaskdProcess taskd(settings.taskd, workspace.file("data"));
  const std::string token = taskd.make_token();
  exchange(taskd.port(), http_request("POST", "/api/tasks", token, R"({"id":"t","name":"T"})"));
  const std::string get = http_request("GET", "/api/tasks/t", token);

  Load load;
  load.port = taskd.port();
  load.connections = 4;  // A client that has time between its requests, not one that fills the machine.
  load.seconds = settings.smoke ? 0.05 : settings.quick ? 1 : 3;
  load.request = [&](std::size_t) { return get; };
  const std::size_t idle = settings.size(1'000, 10);
  const Pair pair = take_turns(
      settings.rounds(),
      [&] {
        const Abusers abusers(taskd.port(), idle);
        return run_load(load).p99_us;
      },
      [&] { return run_load(load).p99_us; });

  Line line{.row = "abuse", .name = "HTTP get, p99 under abuse", .unit = "us", .ours = pair.ours, .raw = pair.raw};
  line.raw_name = "the same server, left alone";
  line.setup =
      "4 connections; beside them " + std::to_string(idle) +
      " idle ones and a client that opens a connection each millisecond, to send what is refused or goes on for ever";
  line.must = Limit{"≤ 2 × quiet", pair.ours.value <= 2 * pair.raw.value};
  report.add(std::move(line));
  taskd.stop();
}

}  // namespace bench
