// Random graphs run as one workflow by a process that dies again and again. By hand for large ones:
// TASKCORE_GRAPH_NODES=10000 TASKCORE_GRAPH_COUNT=1 sim_tests "Random graphs*"
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>

#include "sim/chance.hpp"
#include "support/catch.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/taskcore.hpp"
#include "taskcore/testing/manual_host.hpp"

using namespace taskcore;
using namespace std::chrono_literals;

namespace {

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string id_of(std::size_t node) { return "n" + std::to_string(node); }

/// A graph whose last node depends on all that nobody else does; each node depends on some of those before it.
std::vector<TaskSpec> some_graph(sim::Chance& chance, std::size_t nodes) {
  std::vector<TaskSpec> out(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    TaskSpec& spec = out[i];
    spec.id = spec.name = id_of(i);
    spec.config = call("work");
    spec.max_retries = chance.between(0, 2);
    spec.max_lost = 100;
    const auto reach = std::min<std::size_t>(i, 12);
    for (int edges = chance.between(0, 3); edges > 0 && reach > 0; --edges) {
      const std::string up = id_of(i - 1 - chance.below(reach));
      if (std::find(spec.dependencies.begin(), spec.dependencies.end(), up) == spec.dependencies.end()) {
        spec.dependencies.push_back(up);
      }
    }
    if (i > 0 && spec.dependencies.empty()) spec.dependencies.push_back(id_of(i - 1));
    spec.trigger_rule = chance.of({TriggerRule::all_completed, TriggerRule::all_finished, TriggerRule::any_completed,
                                   TriggerRule::any_failed, TriggerRule::all_finished});
    // All that is behind one that waits for ever does so, too: few of them, or large graphs would hardly run.
    spec.on_dependency_failure = chance.below(nodes) == 0 ? OnDependencyFailure::wait
                                 : chance.one_in(3)       ? OnDependencyFailure::cancel
                                                          : OnDependencyFailure::run;
    if (chance.one_in(3)) spec.overlap = Overlap::allow;
    if (chance.one_in(6)) spec.for_each = boost::json::array(chance.below(4));
  }
  return out;
}

class Graph {
 public:
  Graph(std::uint64_t seed, std::size_t nodes) : chance_(seed, 0), specs_(some_graph(chance_, nodes)) {
    boot();
    host_->scheduler().create_all(specs_).value();
    workflow_ = host_->scheduler().execute_workflow(specs_.back().id).value().id;
  }

  /// Until nothing moves any more.
  void live_on(int crashes) {
    for (int i = 0; i < crashes; ++i) {
      host_->advance(chance_.ms(0, 400));
      note_settled();
      for (auto steps = chance_.below(60); steps > 0 && host_->step();) --steps;
      host_.reset();
      boot();
      note_settled();
    }
    std::size_t before = 0;
    do {
      before = settled_.size();
      for (int i = 0; i < 20; ++i) host_->advance(1h);
      note_settled();
    } while (settled_.size() != before);
  }

  /// What is wrong with how it came out; empty: nothing.
  std::string fault() {
    for (const TaskSpec& spec : specs_) {
      const auto found = runs().find(spec.id);
      if (found == runs().end()) continue;  // nothing that was asked for depends on it
      if (std::string wrong = fault_of(spec, found->second); !wrong.empty()) return spec.id + ": " + wrong;
    }
    return changed_;
  }

  std::size_t count(Status status) {
    return static_cast<std::size_t>(
        std::count_if(runs().begin(), runs().end(), [&](const auto& run) { return run.second.status == status; }));
  }

 private:
  struct Ups {
    std::size_t open = 0;
    std::size_t completed = 0;
    std::size_t failed = 0;
    TimePoint first_completed = TimePoint::max();
    TimePoint first_failed = TimePoint::max();
    TimePoint last{};
  };

  void boot() {
    Options options;
    options.max_concurrent = 1 + static_cast<int>(chance_.below(40));
    host_ = std::make_unique<testing::ManualHost>(testing::ManualHostOptions{
        .store = memory(database_), .scheduler = options, .clock = clock_, .seed = chance_.draw()});
    host_->scheduler().function("work", [this](RunContext&, const boost::json::value&) {
      if (chance_.one_in(3)) throw snooze(chance_.ms(1, 300));
      if (chance_.one_in(5)) throw std::runtime_error("told to fail");
    });
    host_->start().value();
  }

  const std::map<std::string, Run>& runs() {
    if (runs_.empty()) {
      for (Run& run : host_->scheduler().get_workflow(workflow_).value().nodes) {
        const std::string id = run.task_id;
        runs_.emplace(id, std::move(run));
      }
    }
    return runs_;
  }

  /// Each settles once: what has settled never changes.
  void note_settled() {
    runs_.clear();
    for (const auto& [id, run] : runs()) {
      if (!run.finished_at) continue;
      const auto [known, fresh] = settled_.emplace(id, std::pair(run.status, *run.finished_at));
      if (!fresh && known->second != std::pair(run.status, *run.finished_at)) changed_ = id + " settled twice";
    }
    for (const auto& [id, end] : settled_) {
      if (!runs().contains(id) || !runs().at(id).finished_at) changed_ = id + " came back";
    }
  }

  Ups upstreams_of(const TaskSpec& spec) {
    Ups out;
    for (const std::string& id : spec.dependencies) {
      const Run& run = runs().at(id);
      if (!run.finished_at) {
        ++out.open;
        continue;
      }
      out.last = std::max(out.last, *run.finished_at);
      // Items that ended both ways count for both.
      if (run.status == Status::completed || (run.items && run.items->completed > 0)) {
        ++out.completed;
        out.first_completed = std::min(out.first_completed, *run.finished_at);
      }
      if (run.status != Status::completed) {
        ++out.failed;
        out.first_failed = std::min(out.first_failed, *run.finished_at);
      }
    }
    return out;
  }

  std::string fault_of(const TaskSpec& spec, const Run& run) {
    const Ups ups = upstreams_of(spec);
    const std::size_t all = spec.dependencies.size();
    const bool rests = !run.started_at && !run.finished_at;
    const bool for_all = spec.trigger_rule == TriggerRule::all_completed;
    bool holds = all == 0;
    bool lost = false;
    TimePoint from{};
    switch (spec.trigger_rule) {
      case TriggerRule::all_completed:
        holds |= ups.open == 0 && ups.failed == 0;
        lost = ups.failed > 0;
        from = lost ? ups.first_failed : ups.last;
        break;
      case TriggerRule::all_finished:
        holds |= ups.open == 0;
        from = ups.last;
        break;
      case TriggerRule::any_completed:
        holds |= ups.completed > 0;
        lost = ups.open == 0 && ups.completed == 0;
        from = ups.completed > 0 ? ups.first_completed : ups.last;
        break;
      case TriggerRule::any_failed:
        holds |= ups.failed > 0;
        lost = ups.open == 0 && ups.failed == 0;
        from = ups.first_failed;
        break;
    }
    const bool counted = !run.items || !run.finished_at || run.items->completed + run.items->failed == run.items->total;
    if (!counted) return "it ended before its items";
    if (all == 0) return run.status == Status::completed || run.status == Status::failed ? "" : "it did not run";
    if (run.started_at && *run.started_at < from) return "it started before its rule allowed";
    if (holds && !(for_all && lost)) return run.started_at ? "" : "it did not run though its rule holds";
    if (!lost) return rests ? "" : "it did not wait";
    if (spec.trigger_rule == TriggerRule::any_failed) return run.reason == "not_needed" ? "" : "it is not needed";
    switch (spec.on_dependency_failure) {
      case OnDependencyFailure::wait:
        return rests ? "" : "it did not wait for what failed";
      case OnDependencyFailure::cancel:
        return run.reason == "dependency_failed" ? "" : "it did not end with what failed";
      case OnDependencyFailure::run:
        return run.started_at ? "" : "it did not run for all that";
    }
    return "";
  }

  sim::Chance chance_;
  std::vector<TaskSpec> specs_;
  std::string workflow_{};
  std::string changed_{};
  std::map<std::string, Run> runs_{};
  std::map<std::string, std::pair<Status, TimePoint>> settled_{};
  std::shared_ptr<MemoryDatabase> database_ = make_memory_database();
  std::shared_ptr<testing::VirtualClock> clock_ = std::make_shared<testing::VirtualClock>();
  std::unique_ptr<testing::ManualHost> host_{};
};

}  // namespace

TEST_CASE("Random graphs with crashes: no node starts before its rule allows, each settles once, all comes to rest") {
  const std::uint64_t first = number_of("TASKCORE_GRAPH_SEED", std::random_device{}() % 1'000'000'000);
  const std::uint64_t count = number_of("TASKCORE_GRAPH_COUNT", 25);
  std::size_t nodes = 0;
  std::size_t completed = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    sim::Chance chance(seed, 1);
    const auto size = number_of("TASKCORE_GRAPH_NODES", 10 + chance.below(70));
    INFO("TASKCORE_GRAPH_SEED=" << seed << " TASKCORE_GRAPH_COUNT=1");
    Graph graph(seed, size);
    graph.live_on(chance.between(2, 30));
    REQUIRE(graph.fault() == "");
    nodes += size;
    completed += graph.count(Status::completed);
  }
  std::cout << count << " graphs from " << first << ": " << nodes << " nodes, " << completed << " completed\n";
}
