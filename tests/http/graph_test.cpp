// The graph over REST: what it shows, what it hides, and how large it gets.
#include <algorithm>
#include <boost/json/parse.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

void make(TestApp& app, std::string_view who, const std::string& id, const std::string& dependencies = "[]",
          const std::string& more = {}) {
  const auto made = app.post(
      who, "/api/tasks", R"({"id":")" + id + R"(","name":")" + id + R"(","dependencies":)" + dependencies + more + "}");
  REQUIRE(made.status == 201);
}

/// "a b; a>b": the nodes and the edges, each in order.
std::string shape(const json::value& graph) {
  std::vector<std::string> nodes;
  std::vector<std::string> edges;
  const auto text = [](const json::value& value) { return std::string(value.as_string().c_str()); };
  for (const auto& node : graph.at("nodes").as_array()) nodes.push_back(text(node.at("id")));
  for (const auto& edge : graph.at("edges").as_array())
    edges.push_back(text(edge.at("from")) + ">" + text(edge.at("to")));
  std::sort(nodes.begin(), nodes.end());
  std::sort(edges.begin(), edges.end());
  std::string out;
  for (const auto& node : nodes) out += (out.empty() ? "" : " ") + node;
  out += ";";
  for (const auto& edge : edges) out += " " + edge;
  return out;
}

std::string shape(TestApp& app, std::string_view who, std::string_view query = {}) {
  const auto answer = app.get(who, "/api/graph" + std::string(query));
  return answer.status == 200 ? shape(answer.body) : std::to_string(answer.status);
}

}  // namespace

TEST_CASE("the graph shows each task and what follows what", "[graph]") {
  TestApp app;
  CHECK(app.get("alice", "/api/graph").text == R"({"nodes":[],"edges":[],"truncated":false})");
  make(app, "alice", "build");
  make(app, "alice", "test", R"(["build"])", R"(,"triggerRule":"all_finished","paused":true)");
  const auto answer = app.get("alice", "/api/graph");
  REQUIRE(answer.status == 200);
  CHECK(answer.text ==
        R"({"nodes":[{"id":"test","name":"test","type":"custom","status":"pending","triggerRule":"all_finished",)"
        R"("paused":true,"nextRunAt":null},{"id":"build","name":"build","type":"custom","status":"pending",)"
        R"("triggerRule":"all_completed","paused":false,"nextRunAt":null}],)"
        R"("edges":[{"from":"build","to":"test"}],"truncated":false})");
  make(app, "alice", "soon", "[]", R"(,"schedule":"every 1 hours")");
  CHECK(app.get("alice", "/api/graph?root=soon").body.at("nodes").at(0).at("nextRunAt").is_string());
  CHECK(app.get("", "/api/graph").status == 401);
}

TEST_CASE("a hidden task is in no graph, and nothing is reached through it", "[graph]") {
  TestApp app;
  make(app, "bob", "b1", "[]", R"(,"assignedTo":["alice"])");
  make(app, "alice", "a1", R"(["b1"])");
  make(app, "bob", "b2", R"(["b1"])");
  make(app, "bob", "b3", R"(["b2"])", R"(,"assignedTo":["alice","vera"])");
  CHECK(shape(app, "root:admin") == "a1 b1 b2 b3; b1>a1 b1>b2 b2>b3");
  CHECK(shape(app, "alice") == "a1 b1 b3; b1>a1");
  CHECK(shape(app, "bob") == "b1 b2 b3; b1>b2 b2>b3");
  CHECK(shape(app, "vera:viewer") == "b3;");
  CHECK(shape(app, "carol") == ";");
  CHECK(shape(app, "alice", "?root=b1") == "a1 b1; b1>a1");
  CHECK(shape(app, "alice", "?root=b3") == "b3;");
  // What is hidden and what is not there are told alike, but for the id.
  auto hidden = app.get("alice", "/api/graph?root=b2").text;
  const auto missing = app.get("alice", "/api/graph?root=b9").text;
  std::replace(hidden.begin(), hidden.end(), '2', '9');
  CHECK(hidden == missing);
}

TEST_CASE("from a root the graph goes up, down, or both ways, as far as it is told", "[graph]") {
  TestApp app;
  make(app, "alice", "a");
  make(app, "alice", "b", R"(["a"])");
  make(app, "alice", "side", R"(["a"])");
  make(app, "alice", "c", R"(["b","a"])");
  make(app, "alice", "d", R"(["c"])");
  make(app, "alice", "e", R"(["d","side"])");
  for (const char* who : {"alice", "root:admin"}) {
    CHECK(shape(app, who, "?root=c&direction=up") == "a b c; a>b a>c b>c");
    CHECK(shape(app, who, "?root=c&direction=down") == "c d e; c>d d>e");
    CHECK(shape(app, who, "?root=c") == "a b c d e; a>b a>c b>c c>d d>e");
    CHECK(shape(app, who, "?root=c&direction=both&depth=1") == "a b c d; a>b a>c b>c c>d");
    CHECK(shape(app, who, "?root=a&depth=1&direction=down") == "a b c side; a>b a>c a>side b>c");
  }
}

TEST_CASE("tags narrow the graph, and edges join what is left", "[graph]") {
  TestApp app;
  make(app, "alice", "a", "[]", R"(,"tags":["x"])");
  make(app, "alice", "b", R"(["a"])");
  make(app, "alice", "c", R"(["a","b"])", R"(,"tags":["y"])");
  CHECK(shape(app, "alice", "?tag=x,y") == "a c; a>c");
  CHECK(shape(app, "alice", "?tag=y") == "c;");
}

TEST_CASE("a graph that is cut says so", "[graph]") {
  TestApp app;
  make(app, "alice", "a");
  for (int i = 0; i < 4; ++i) make(app, "alice", "b" + std::to_string(i), R"(["a"])");
  const auto all = app.get("alice", "/api/graph?limit=5");
  CHECK(all.body.at("truncated") == false);
  CHECK(all.body.at("nodes").as_array().size() == 5);
  const auto cut = app.get("alice", "/api/graph?limit=4");
  CHECK(cut.body.at("truncated") == true);
  CHECK(shape(cut.body) == "b0 b1 b2 b3;");
  const auto around = app.get("alice", "/api/graph?root=a&limit=3");
  CHECK(around.body.at("truncated") == true);
  CHECK(shape(around.body) == "a b0 b1; a>b0 a>b1");
}

TEST_CASE("a query that makes no sense is refused", "[graph]") {
  TestApp app;
  make(app, "alice", "a");
  for (const char* query : {"?limit=10001", "?limit=0", "?depth=0&root=a", "?direction=left&root=a", "?direction=",
                            "?depth=1", "?direction=up", "?root=a&tag=x", "?root=a&root=a", "?cursor=x"}) {
    INFO(query);
    CHECK(app.get("alice", "/api/graph" + std::string(query)).status == 400);
  }
  CHECK(app.get("alice", "/api/graph?limit=10001").text.find("from 1 to 10000") != std::string::npos);
  CHECK(app.get("alice", "/api/graph?root=nobody").status == 404);
}

TEST_CASE("many thousand tasks are more than a graph, and no trouble", "[graph]") {
  TestApp app;
  constexpr int kBatch = 2600;
  app.scheduler().create({.id = "hub", .name = "hub"}).value();
  for (int from = 0; from < 4 * kBatch; from += kBatch) {
    std::vector<taskcore::TaskSpec> specs;
    for (int i = 0; i < kBatch; ++i) {
      const std::string id = "t" + std::to_string(from + i);
      specs.push_back({.id = id, .name = id, .dependencies = {"hub"}});
    }
    app.scheduler().create_all(std::move(specs)).value();
  }
  for (const char* query : {"", "?root=hub", "?root=hub&direction=down"}) {
    const auto graph = app.get("root:admin", "/api/graph" + std::string(query));
    REQUIRE(graph.status == 200);
    CHECK(graph.body.at("truncated") == true);
    CHECK(graph.body.at("nodes").as_array().size() == 10'000);
  }
  CHECK(shape(app, "alice") == ";");
}
