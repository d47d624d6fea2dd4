// GET /api/graph: tasks and the dependencies among them, as far as the caller sees both ends. What they do not see is
// left out as if it were not there: nothing is reached through it.
#include <boost/json/array.hpp>
#include <functional>
#include <unordered_map>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "http/json_body.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Task;

namespace {

constexpr std::size_t kMostNodes = 10'000;
constexpr std::size_t kMostDependencies = 100'000;
constexpr std::size_t kTasksAtATime = 200;  // whole ones, of which little is kept

struct Question {
  std::string root{};  ///< Empty: all tasks.
  std::string direction{};
  std::size_t depth = kMostNodes;
  std::size_t limit = kMostNodes;
  std::vector<std::string> tags{};
};

json::object node_json(const Task& task) {
  json::object out{{"id", task.id},
                   {"name", task.name},
                   {"type", task.config.type},
                   {"status", to_string(task.status)},
                   {"triggerRule", to_string(task.trigger_rule)},
                   {"paused", task.paused},
                   {"nextRunAt", nullptr}};
  if (task.next_run_at) out["nextRunAt"] = taskcore::format_time(*task.next_run_at);
  return out;
}

/// Tasks that were found, up to a limit.
class Graph {
 public:
  explicit Graph(std::size_t limit) : limit_(limit) {}

  bool has(const std::string& id) const { return upstreams_.contains(id); }
  const std::vector<std::string>& upstreams(const std::string& id) const { return upstreams_.at(id); }

  /// False, and nothing is added, when there is no room: then the graph is cut, and takes no more.
  bool add(const Task& task) {
    if (has(task.id)) return true;
    dependencies_ += task.dependencies.size();
    cut_ = cut_ || nodes_.size() == limit_ || dependencies_ > kMostDependencies;
    if (cut_) return false;
    nodes_.push_back(node_json(task));
    ids_.push_back(task.id);
    upstreams_.emplace(task.id, task.dependencies);
    return true;
  }

  json::object to_json() && {
    json::array edges;
    for (const std::string& id : ids_) {
      for (const std::string& upstream : upstreams_.at(id)) {
        if (has(upstream)) edges.push_back(json::object{{"from", upstream}, {"to", id}});
      }
    }
    return {{"nodes", std::move(nodes_)}, {"edges", std::move(edges)}, {"truncated", cut_}};
  }

 private:
  std::size_t limit_;
  json::array nodes_{};
  std::vector<std::string> ids_{};
  std::unordered_map<std::string, std::vector<std::string>> upstreams_{};
  std::size_t dependencies_ = 0;
  bool cut_ = false;
};

Outcome<Question> read_question(const Request& request) {
  Parameters parameters(request.query, {"root", "direction", "depth", "tag", "limit"});
  Question out;
  out.root = parameters.text("root");
  out.direction = parameters.choice("direction", {"up", "down", "both"});
  out.depth = parameters.number("depth", kMostNodes, kMostNodes);
  out.limit = parameters.number("limit", kMostNodes, kMostNodes);
  out.tags = parameters.list("tag");
  if (const auto problem = parameters.problem()) return *problem;
  const bool has_root = !out.root.empty();
  if (has_root && !out.tags.empty()) return make_problem(400, "Give either \"root\" or \"tag\", not both.");
  if (!has_root && (!out.direction.empty() || request.query.count("depth") > 0)) {
    return make_problem(400, "\"direction\" and \"depth\" go with \"root\", which is missing.");
  }
  return out;
}

Outcome<void> add_all(const Api& api, const Identity& caller, const Question& question, Graph& graph) {
  taskcore::TaskQuery query;
  query.visible_to = visible_to(caller);
  query.tag = question.tags;
  query.limit = kTasksAtATime;
  do {
    const auto page = api.scheduler.list(query);
    if (!page) return to_problem(page.error());
    for (const Task& task : page->items) {
      if (!graph.add(task)) return {};
    }
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  return {};
}

/// Adds what `neighbours` leads to from the root, level by level.
Outcome<void> walk(const Api& api, const Identity& caller, const Question& question, Graph& graph,
                   const std::function<taskcore::Result<std::vector<std::string>>(const std::string&)>& neighbours) {
  std::vector<std::string> level{question.root};
  for (std::size_t depth = 0; depth < question.depth && !level.empty(); ++depth) {
    std::vector<std::string> next;
    for (const std::string& id : level) {
      const auto found = neighbours(id);
      if (!found && found.error().code == taskcore::Errc::not_found) continue;  // it was deleted just now
      if (!found) return to_problem(found.error());
      for (const std::string& other : *found) {
        if (graph.has(other)) continue;
        const auto task = visible_task(api, caller, other);
        if (!task && task.error().status != 404) return task.error();
        if (!task) continue;
        if (!graph.add(*task)) return {};
        next.push_back(other);
      }
    }
    level = std::move(next);
  }
  return {};
}

Outcome<void> add_around(const Api& api, const Identity& caller, const Question& question, Graph& graph) {
  const auto root = visible_task(api, caller, question.root);
  if (!root) return root.error();
  graph.add(*root);
  if (question.direction != "down") {
    const auto up = [&](const std::string& id) -> taskcore::Result<std::vector<std::string>> {
      return graph.upstreams(id);
    };
    if (auto walked = walk(api, caller, question, graph, up); !walked) return walked;
  }
  if (question.direction == "up") return {};
  // One more than fits, so that a cut is noticed.
  return walk(api, caller, question, graph,
              [&](const std::string& id) { return api.scheduler.dependents(id, visible_to(caller), kMostNodes + 1); });
}

Outcome<Response> get_graph(const Api& api, const Request& request) {
  const auto question = read_question(request);
  if (!question) return question.error();
  Graph graph(question->limit);
  const auto found = question->root.empty() ? add_all(api, *request.identity, *question, graph)
                                            : add_around(api, *request.identity, *question, graph);
  if (!found) return found.error();
  return json_response(std::move(graph).to_json());
}

}  // namespace

void add_graph(Router& router, const ApiPtr& api) { router.add(Method::get, "/api/graph", at_once(api, get_graph)); }

}  // namespace taskd
