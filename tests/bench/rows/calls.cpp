// api_call over connections that are kept alive, to a bare server on the same machine. Raw: the bench's own HTTP
// client, the same server and as many connections, which does nothing but send and read.
#include "harness/closed_loop.hpp"
#include "load/http_client.hpp"
#include "raw/bare.hpp"
#include "rows/rows.hpp"
#include "taskcore/executors/http.hpp"
#include "taskcore/stores/memory.hpp"

namespace bench {
namespace {

constexpr const char* kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";

Line measure(const Settings& settings, const Bare& bare, std::size_t at_once, std::size_t total) {
  Loop loop{.total = total, .in_flight = at_once, .batch = 1, .submission = Submission::single};
  loop.config = taskcore::api_call({.url = "http://127.0.0.1:" + std::to_string(bare.port()) + "/"});
  loop.options.max_concurrent = static_cast<int>(at_once);
  loop.prepare = [](taskcore::Scheduler& scheduler) {
    taskcore::add_http_executors(scheduler, {.outbound_allow = {"127.0.0.1"}}).value();
  };
  Load load;
  load.port = bare.port();
  load.connections = at_once;
  load.seconds = settings.smoke ? 0.05 : 1;
  load.request = [](std::size_t) { return http_request("GET", "/", "token"); };
  const Pair pair = take_turns(
      settings.rounds(), [&] { return lives_per_second(taskcore::memory(), loop); },
      [&] { return run_load(load).per_second; });
  Line line{.row = "calls",
            .name = "api_call, " + std::to_string(at_once) + " at a time",
            .unit = "calls/s",
            .ours = pair.ours,
            .raw = pair.raw};
  line.raw_name = "the bench's client, as many connections to the same server";
  line.setup = std::to_string(total) + " calls a round, kept alive, in-memory store, a bare server as a child";
  return line;
}

}  // namespace

void measure_calls(const Settings& settings, Report& report) {
  const Workspace workspace(settings);
  const Bare bare(workspace, kAnswer);
  report.add(measure(settings, bare, 16, settings.size(40000, 100)));
  Line alone = measure(settings, bare, 1, settings.size(5000, 20));
  alone.setup += "; one after the other: " + short_number(1e6 / alone.ours.value) + " us each, raw " +
                 short_number(1e6 / alone.raw->value) + " us";
  report.add(std::move(alone));
}

}  // namespace bench
