// Create and get over HTTP, 64 connections. Raw: a bare Beast server that reads the same requests and answers the same
// bytes; one client measures both.
#include <boost/json/parse.hpp>

#include "harness/workspace.hpp"
#include "load/taskd_process.hpp"
#include "raw/bare.hpp"
#include "rows/http_load.hpp"
#include "rows/rows.hpp"

namespace bench {
namespace {

Line line_of(std::string name, const HttpFigures& measured, double must, double goal) {
  Line line{.row = "http",
            .name = std::move(name),
            .unit = "requests/s",
            .ours = measured.per_second.ours,
            .raw = measured.per_second.raw};
  line.raw_name = "a bare Beast server on one thread, the same bytes both ways";
  line.setup = "taskd as a child, 64 connections kept alive, the client on the same machine; ours p99 " +
               short_number(measured.p99_us / 1000) + " ms";
  line.must = at_least(line, must);
  line.goal = at_least(line, goal);
  return line;
}

}  // namespace

void measure_http(const Settings& settings, Report& report) {
  if (settings.taskd.empty()) return report.skip("http", "there is no taskd; --taskd names it");
  const Workspace workspace(settings);
  TaskdProcess taskd(settings.taskd, workspace.file("data"));
  const std::string token = taskd.make_token();
  std::size_t made = 0;

  const std::string created = exchange(taskd.port(), create_request(token, made++));
  Load load;
  load.status = 201;
  load.request = [&](std::size_t) { return create_request(token, made++); };
  {
    const Bare bare(workspace, created);
    Line line =
        line_of("HTTP create, durable", measure_http_load(settings, taskd.port(), bare.port(), load), 0.25, 0.45);
    line.must->text += ", ≥ 3 × Fastify";
    line.must->met = line.must->met && line.ours.value >= 3 * 3200;
    line.published =
        "Fastify with SQLite: FULL 3.2k/s (p99 130 ms), NORMAL 9.2k/s; Express rewriting a file: 82 to 422/s";
    report.add(std::move(line));
  }

  const std::string body = created.substr(created.find("\r\n\r\n") + 4);
  const std::string id(boost::json::parse(body).at("id").as_string());
  const std::string get = http_request("GET", "/api/tasks/" + id, token);
  load.status = 200;
  load.request = [&](std::size_t) { return get; };
  const Bare bare(workspace, exchange(taskd.port(), get));
  report.add(line_of("HTTP get of one task", measure_http_load(settings, taskd.port(), bare.port(), load), 0.4, 0.65));
  taskd.stop();
}

}  // namespace bench
