// Logs as they grow: GET /api/tasks/:id/logs and /api/runs/:id/logs with Accept: text/event-stream.
#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "http/event_client.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

/// A function that says a line whenever the test lets it, and ends after so many.
class Talk {
 public:
  void add_to(TestApp& app) {
    app.scheduler().function("talk", [this](taskcore::RunContext& run, const json::value& params) {
      const auto count = params.at("lines").to_number<int>();
      const std::string who(params.at("who").as_string());
      for (int i = 1; i <= count; ++i) {
        std::stop_callback wake(run.stop_token(), [this] { let(1'000'000); });
        {
          std::unique_lock lock(mutex_);
          changed_.wait(lock, [&] { return allowed_ > 0; });
          --allowed_;
        }
        run.output(taskcore::LogStream::stdout_, who + " " + std::to_string(i));
      }
    });
  }
  void let(int lines) {
    const std::lock_guard lock(mutex_);
    allowed_ += lines;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int allowed_ = 0;
};

void add_talker(LiveServer& server, std::string_view overlap = "skip") {
  const std::string body = R"({"id":"t","name":"T","type":"custom","config":{"function":"talk"},"overlap":")" +
                           std::string(overlap) + R"(","assignedTo":["bob"]})";
  REQUIRE(server.app.post("alice", "/api/tasks", body).status == 201);
}

std::string begin(LiveServer& server, std::string_view who, int lines) {
  const auto run =
      server.app.post("alice", "/api/tasks/t/execute",
                      R"({"params":{"who":")" + std::string(who) + R"(","lines":)" + std::to_string(lines) + "}}");
  REQUIRE(run.status == 202);
  return std::string(run.body.at("id").as_string());
}

std::vector<std::string> messages(const std::vector<ServerEvent>& events) {
  std::vector<std::string> out;
  for (const ServerEvent& event : events) {
    out.push_back(event.name == "log" ? event.text("message") : event.name);
  }
  return out;
}

/// Until as many lines have come.
std::vector<ServerEvent> lines(EventClient& client, std::size_t count) {
  std::vector<ServerEvent> out;
  while (out.size() < count) {
    auto event = client.next();
    REQUIRE(event);
    out.push_back(std::move(*event));
  }
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the log of a run comes while it runs, and ends with it", "[logs]") {
  Talk talk;
  LiveServer server;
  talk.add_to(server.app);
  add_talker(server);
  const std::string id = begin(server, "a", 3);
  auto client = server.open("bob", "/api/runs/" + id + "/logs");
  REQUIRE(client.response().status == 200);
  CHECK(client.next()->text("message") == "attempt 1 started");
  for (int i = 1; i <= 3; ++i) {
    talk.let(1);
    const auto line = client.next().value();
    CHECK(line.name == "log");
    CHECK(line.text("message") == "a " + std::to_string(i));
    CHECK(line.text("runId") == id);
    CHECK(line.text("stream") == "stdout");
  }
  const auto last = client.rest();
  CHECK(messages(last) == Names{"attempt 1 completed", "end"});
  CHECK(last.back().text("status") == "completed");
  CHECK(last.back().text("runId") == id);
}

TEST_CASE("a tail that comes back has each line once, wherever it was cut", "[logs]") {
  Talk talk;
  LiveServer server;
  talk.add_to(server.app);
  add_talker(server);
  talk.let(5);
  const std::string path = "/api/runs/" + begin(server, "a", 5) + "/logs";
  const auto whole = server.open("alice", path).rest();
  REQUIRE(whole.size() == 8);
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    const auto again = server.open("alice", path, whole[i].id).rest();
    CHECK(messages(again) == messages({whole.begin() + static_cast<std::ptrdiff_t>(i) + 1, whole.end()}));
  }
  CHECK(messages(server.open("alice", path + "?level=WARN").rest()) == Names{"end"});
}

TEST_CASE("the log of a task has the lines of runs that go side by side, each once", "[logs]") {
  Talk talk;
  LiveServer server;
  talk.add_to(server.app);
  add_talker(server, "allow");
  auto client = server.open("alice", "/api/tasks/t/logs");
  CHECK(client.next()->text("message") == "task created");
  begin(server, "a", 2);
  begin(server, "b", 2);
  begin(server, "c", 2);
  auto all = lines(client, 3);
  for (int i = 0; i < 6; ++i) {
    talk.let(1);
    for (auto& line : lines(client, 1)) all.push_back(std::move(line));
    if (i == 2) begin(server, "d", 0);
  }
  // The end of a run, and all of the last one, may come between the lines of others.
  while (all.size() < 14) {
    for (auto& line : lines(client, 1)) all.push_back(std::move(line));
  }
  auto said = messages(all);
  std::sort(said.begin(), said.end());
  CHECK(said == Names{"a 1", "a 2", "attempt 1 completed", "attempt 1 completed", "attempt 1 completed",
                      "attempt 1 completed", "attempt 1 started", "attempt 1 started", "attempt 1 started",
                      "attempt 1 started", "b 1", "b 2", "c 1", "c 2"});
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    auto again = server.open("alice", "/api/tasks/t/logs", all[i].id);
    auto rest = messages(lines(again, all.size() - 1 - i));
    auto expected = messages({all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end()});
    std::sort(rest.begin(), rest.end());
    std::sort(expected.begin(), expected.end());
    CHECK(rest == expected);
  }
}

TEST_CASE("a tail is for those who may see the task, for as long as they may", "[logs]") {
  Talk talk;
  LiveServer server;
  talk.add_to(server.app);
  add_talker(server);
  const std::string id = begin(server, "a", 1);
  CHECK(server.open("carol", "/api/runs/" + id + "/logs").response().status == 404);
  CHECK(server.open("carol", "/api/tasks/t/logs").response().status == 404);
  auto client = server.open("bob", "/api/runs/" + id + "/logs");
  CHECK(client.next()->text("message") == "attempt 1 started");
  REQUIRE(server.app.call("alice", "PATCH", "/api/tasks/t", R"({"assignedTo":[]})").status == 200);
  talk.let(1);
  CHECK(client.rest().empty());
}

TEST_CASE("a made-up position shows nothing of other tasks", "[logs]") {
  Talk talk;
  LiveServer server;
  talk.add_to(server.app);
  add_talker(server);
  talk.let(1);
  const std::string id = begin(server, "a", 1);
  REQUIRE(server.open("alice", "/api/runs/" + id + "/logs").rest().size() == 4);
  REQUIRE(server.app.post("carol", "/api/tasks", R"({"id":"c","name":"C"})").status == 201);
  const std::string key = id.substr(id.find('_') + 1);
  auto client = server.open("carol", "/api/tasks/c/logs", "follow:1.0.0:" + key + ".0.0");
  REQUIRE(client.response().status == 200);
  REQUIRE(server.app.call("carol", "DELETE", "/api/tasks/c").status == 204);
  CHECK(client.rest().empty());
  const auto page = server.app.get("alice", "/api/tasks/t/logs?cursor=" + key + ".0.0.0");
  CHECK(page.body.at("logs").as_array().size() == 3);
  REQUIRE(server.app.post("carol", "/api/tasks", R"({"id":"d","name":"D"})").status == 201);
  CHECK(server.app.get("carol", "/api/tasks/d/logs?cursor=" + key + ".0.0.0").body.at("logs").as_array().empty());
}

TEST_CASE("a position that is none is a 400", "[logs]") {
  LiveServer server;
  REQUIRE(server.app.post("alice", "/api/tasks", R"({"id":"t","name":"T"})").status == 201);
  for (const std::string& id : {std::string("17"), std::string("follow:"), std::string("follow:1.2"),
                                std::string("follow:1.2.3:4"), std::string("follow:1.-2.3")}) {
    CHECK(server.open("alice", "/api/tasks/t/logs", id).response().status == 400);
  }
  CHECK(server.app.get("alice", "/api/tasks/t/logs?cursor=follow").status == 400);
}
