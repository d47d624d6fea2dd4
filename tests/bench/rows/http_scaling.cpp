// Create, get and list over HTTP by the number of stored tasks, each beside a bare Beast server that answers the same
// bytes.
#include <boost/json/parse.hpp>
#include <filesystem>
#include <vector>

#include "harness/workspace.hpp"
#include "load/taskd_process.hpp"
#include "raw/bare.hpp"
#include "rows/http_load.hpp"
#include "rows/rows.hpp"
#include "rows/stored_tasks.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;

std::vector<std::size_t> sizes(const Settings& settings) {
  if (settings.smoke) return {10, 100};
  return settings.quick ? std::vector<std::size_t>{100, 10'000} : std::vector<std::size_t>{100, 10'000, 1'000'000};
}

std::string in_milliseconds(double microseconds) { return short_number(microseconds / 1000) + " ms"; }

void add_cells(const HttpFigures& figures, std::vector<std::string>& cells) {
  const Pair& pair = figures.per_second;
  cells.push_back(short_number(pair.ours.value) + " / " + short_number(pair.raw.value) + " = " +
                  short_number(pair.ratio() * 100) + " %");
  cells.push_back(in_milliseconds(figures.p99_us) + " / " + in_milliseconds(figures.raw_p99_us));
}

/// One line of the table; the file grows by the tasks that are created.
std::vector<std::string> measure_size(const Settings& settings, const Workspace& workspace, const std::string& data) {
  TaskdProcess taskd(settings.taskd, data);
  const std::string token = taskd.make_token();
  std::vector<std::string> cells;
  const auto measure = [&](const Load& load, const std::string& sample) {
    const Bare bare(workspace, exchange(taskd.port(), sample));
    add_cells(measure_http_load(settings, taskd.port(), bare.port(), load), cells);
  };

  const std::string list = http_request("GET", "/api/tasks?sort=createdAt", token);
  const std::string page = exchange(taskd.port(), list);
  std::vector<std::string> gets;
  const auto listed = boost::json::parse(page.substr(page.find("\r\n\r\n") + 4));
  for (const auto& task : listed.at("tasks").as_array()) {
    gets.push_back(http_request("GET", "/api/tasks/" + std::string(task.at("id").as_string()), token));
  }
  measure({.request = [&](std::size_t n) { return gets[n % gets.size()]; }}, gets.front());
  measure({.request = [&](std::size_t) { return list; }}, list);
  std::size_t made = 0;
  Load create{.request = [&](std::size_t) { return create_request(token, made++); }, .status = 201};
  measure(create, create_request(token, made++));
  taskd.stop();
  return cells;
}

}  // namespace

void measure_http_scaling(const Settings& settings, Report& report) {
  if (settings.taskd.empty()) return report.skip("http-scaling", "there is no taskd; --taskd names it");
  Table table{.row = "http-scaling", .title = "over HTTP by the number of stored tasks, ours / a bare Beast server"};
  table.header = {"stored", "get one", "p99", "list page", "p99", "create", "p99"};
  for (const std::size_t size : sizes(settings)) {
    const Workspace workspace(settings);
    const std::string data = workspace.file("data");
    fs::create_directory(data);
    fs::permissions(data, fs::perms::owner_all);
    fill_store(data + "/tasks.db", size, settings.seed);
    std::vector<std::string> cells{short_number(static_cast<double>(size))};
    for (std::string& cell : measure_size(settings, workspace, data)) cells.push_back(std::move(cell));
    table.cells.push_back(std::move(cells));
  }
  report.add(std::move(table));
}

}  // namespace bench
