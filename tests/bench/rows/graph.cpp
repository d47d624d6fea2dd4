// A layered graph as one workflow run: what a node costs, beside the same lives by SQLite alone in groups of one layer.
// And a graph of many edges: what it takes to make it, and to see that a further edge would close a circle.
#include <fstream>
#include <future>

#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "raw/sqlite_life.hpp"
#include "rows/rows.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

/// Tasks of one layer, which is also the most that one may depend on.
constexpr std::size_t kLayer = 100;

taskcore::HostOptions host_options(const std::string& path) {
  taskcore::HostOptions options;
  options.store = taskcore::sqlite(path);
  options.scheduler = throughput_options();
  return options;
}

std::string id_of(std::size_t layer, std::size_t place) {
  return "t" + std::to_string(layer) + "-" + std::to_string(place);
}

/// `layers` of 100 tasks: each depends on `edges` of the layer before; a last task on that whole layer.
std::vector<taskcore::TaskSpec> layered(std::size_t layers, std::size_t edges) {
  std::vector<taskcore::TaskSpec> out;
  for (std::size_t layer = 0; layer < layers; ++layer) {
    for (std::size_t place = 0; place < kLayer; ++place) {
      out.push_back({.id = id_of(layer, place), .name = "node", .config = taskcore::call("nothing")});
      for (std::size_t i = 0; layer > 0 && i < edges; ++i) {
        out.back().dependencies.push_back(id_of(layer - 1, (place + i) % kLayer));
      }
    }
  }
  out.push_back({.id = "last", .name = "last", .config = taskcore::call("last")});
  for (std::size_t place = 0; place < kLayer; ++place) out.back().dependencies.push_back(id_of(layers - 1, place));
  return out;
}

/// Nodes a second of one workflow run, from the call that makes it to its last function.
double nodes_per_second(const std::string& path, std::size_t layers) {
  std::promise<void> ended;
  taskcore::Host host(host_options(path));
  auto& scheduler = host.scheduler();
  scheduler.function("nothing", [](taskcore::RunContext&, const boost::json::value&) {});
  scheduler.function("last", [&](taskcore::RunContext&, const boost::json::value&) { ended.set_value(); });
  auto graph = layered(layers, 4);
  graph.erase(graph.begin());  // the last task makes the number round
  for (auto& spec : graph) std::erase(spec.dependencies, id_of(0, 0));
  const std::size_t nodes = graph.size();
  scheduler.create_all(std::move(graph)).value();
  host.start().value();
  const auto start = now();
  scheduler.execute_workflow("last").value();
  ended.get_future().get();
  const double rate = static_cast<double>(nodes) / seconds_since(start);
  host.stop().value();
  return rate;
}

void measure_workflow(const Settings& settings, Report& report) {
  const std::size_t layers = settings.smoke ? 3 : settings.quick ? 20 : 100;
  const Workspace workspace(settings);
  const Pair pair = take_turns(
      settings.rounds(),
      [&] {
        const double rate = nodes_per_second(workspace.file("ours.db"), layers);
        workspace.remove("ours");
        return rate;
      },
      [&] {
        double rate = 0;
        {
          SqliteLife raw(workspace.file("raw.db"));
          rate = raw.life(layers * kLayer, kLayer);
        }
        workspace.remove("raw");
        return rate;
      });
  const std::string nodes = std::to_string(layers * kLayer);
  Line line{.row = "graph",
            .name = "a layered graph of " + nodes + " nodes as one workflow run",
            .unit = "nodes/s",
            .ours = pair.ours,
            .raw = pair.raw};
  line.raw_name = "SQLite alone, insert + claim + complete in groups of " + std::to_string(kLayer);
  line.setup = std::to_string(layers) + " layers of " + std::to_string(kLayer) + ", 4 dependencies a node, " +
               kThroughputSetup + ", SQLite FULL";
  report.add(std::move(line));
}

long status_kib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long kib = 0;
    if (word == field + ":" && status >> kib) return kib;
  }
  return 0;
}

/// How long `step` takes, and by how much the process is larger at its height than before.
std::vector<std::string> cost(const std::string& what, const std::function<void()>& step) {
  std::ofstream("/proc/self/clear_refs") << "5";  // the height starts from here
  const long before = status_kib("VmRSS");
  const auto start = now();
  step();
  const double seconds = seconds_since(start);
  const double mib = static_cast<double>(status_kib("VmHWM") - before) / 1024;
  return {what, short_number(seconds * 1000) + " ms", short_number(mib) + " MiB"};
}

void measure_edges(const Settings& settings, Report& report) {
  const std::size_t layers = settings.smoke ? 3 : settings.quick ? 20 : 101;
  const Workspace workspace(settings);
  taskcore::Host host(host_options(workspace.file("edges.db")));
  auto& scheduler = host.scheduler();
  scheduler.function("nothing", [](taskcore::RunContext&, const boost::json::value&) {});
  scheduler.function("last", [](taskcore::RunContext&, const boost::json::value&) {});
  // A batch holds 10,000 tasks at most; the last task, which depends on all, comes alone.
  auto graph = layered(layers, kLayer);
  std::vector<taskcore::TaskSpec> rest(std::make_move_iterator(graph.end() - static_cast<long>(kLayer) - 1),
                                       std::make_move_iterator(graph.end()));
  graph.erase(graph.end() - static_cast<long>(kLayer) - 1, graph.end());
  const std::size_t edges = (layers - 1) * kLayer * kLayer + kLayer;
  Table table{.row = "graph",
              .title = std::to_string(edges) + " edges between " + std::to_string(layers * kLayer + 1) + " tasks",
              .header = {"", "time", "memory"}};
  table.cells.push_back(cost("making them, by 10,000 tasks a call", [&] {
    scheduler.create_all(std::move(graph)).value();
    scheduler.create_all(std::move(rest)).value();
  }));
  const auto depend = [&](const std::string& task, const std::string& on) {
    return scheduler.update(task, [&](const taskcore::Task&, taskcore::TaskSpec& spec) -> taskcore::Result<void> {
      spec.dependencies = {on};
      return {};
    });
  };
  table.cells.push_back(cost("refusing one that closes a circle over all of them", [&] {
    if (depend(id_of(0, 0), "last").error().code != taskcore::Errc::cycle) throw std::runtime_error("no circle");
  }));
  scheduler.create({.id = "aside", .name = "aside"}).value();
  table.cells.push_back(
      cost("taking one that closes none, after a look at all", [&] { depend("aside", "last").value(); }));
  host.stop().value();
  report.add(std::move(table));
}

}  // namespace

void measure_graph(const Settings& settings, Report& report) {
  measure_workflow(settings, report);
  measure_edges(settings, report);
}

}  // namespace bench
