// taskd as a client that follows a log: lines as they come, whatever becomes of the connection.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <sstream>

#include "http/client_process.hpp"
#include "http/taskd_process.hpp"
#include "net/test_server.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
using net_test::Peer;
using net_test::TestCa;
using net_test::TestServer;
namespace json = boost::json;

namespace {

using Environment = std::map<std::string, std::string>;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

Environment environment_of(const std::string& url) { return {{"TASK_URL", url}, {"TASK_TOKEN", "t"}, {"TZ", "UTC"}}; }

Environment environment_of(TaskdProcess& taskd) {
  Environment out = environment_of(taskd.url());
  out["TASK_TOKEN"] = taskd.token();
  return out;
}

std::string line(int number) {
  const std::string n = std::to_string(number);
  return "id: at" + n +
         "\nevent: log\ndata: {\"timestamp\":\"2027-01-31T09:00:00.000Z\",\"level\":\"INFO\",\"message\":" + "\"line " +
         n + "\",\"data\":null,\"runId\":\"run_7\"}\n\n";
}

const std::string kEnd = "event: end\ndata: {\"runId\":\"run_7\",\"status\":\"completed\"}\n\n";

/// The connection ends with the script, so the client must not keep it.
bool begin(Peer& peer) {
  return peer.send(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nTransfer-Encoding: "
      "chunked\r\n\r\n");
}

bool tell(Peer& peer, const std::string& text) {
  std::ostringstream size;
  size << std::hex << text.size();
  return peer.send(size.str() + "\r\n" + text + "\r\n");
}

bool finish(Peer& peer) { return peer.send("0\r\n\r\n"); }

/// A port that no client is given, for a server that comes back to it.
std::uint16_t lasting_port() {
  for (int port = 20'000 + ::getpid() % 10'000;; ++port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool is_free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    if (is_free) return static_cast<std::uint16_t>(port);
  }
}

/// A script that says its attempt, waits until the gate is opened and says what comes through it.
std::string make_gated(TaskdProcess& taskd, const std::string& gate) {
  REQUIRE(::mkfifo(gate.c_str(), 0600) == 0);
  const std::string task =
      R"({"id":"slow","name":"Slow","type":"script","maxRetries":0,"recovery":"retry","config":{"shell":true,"command":"echo try $TASK_ATTEMPT; cat )" +
      gate + R"(; echo last"}})";
  const auto made = taskd.call("POST", "/api/tasks", task);
  INFO(made.body);
  REQUIRE(made.status == 201);
  const auto started = ClientProcess({"run", "slow"}, environment_of(taskd)).finish();
  REQUIRE(started.code == 0);
  return started.out.substr(0, started.out.size() - 1);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t out = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++out;
  return out;
}

}  // namespace

TEST_CASE("a client follows the log of a run until the run has ended", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const std::string gate = dir.file("gate");
  const std::string run = make_gated(taskd, gate);
  ClientProcess follower({"logs", run, "-f"}, environment_of(taskd));
  ClientProcess script({"logs", run, "-f", "--json", "--level", "info"}, environment_of(taskd));
  follower.read_until("try 1");
  script.read_until("try 1");
  std::ofstream(gate) << "middle\n";
  const auto told = follower.finish();
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  CHECK(told.err.empty());
  for (const char* part : {"try 1", "middle", "last", "attempt 1 completed"}) CHECK(count(told.out, part) == 1);
  const auto lines = script.finish();
  CHECK(lines.code == 0);
  std::istringstream texts(lines.out);
  std::string last;
  for (std::string text; std::getline(texts, text);) {
    const auto value = json::parse(text);
    CHECK(value.at("runId") == json::value(run));
    last = std::string(std::string_view(value.at("message").as_string()));
  }
  CHECK(last == "attempt 1 completed");
  // Of a run that is over: all of it, and the end.
  CHECK(ClientProcess({"logs", run, "-f"}, environment_of(taskd)).finish().out == told.out);
}

TEST_CASE("a client follows the log of a task until Ctrl-C", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const std::string gate = dir.file("gate");
  make_gated(taskd, gate);
  ClientProcess follower({"logs", "slow", "-f"}, environment_of(taskd));
  follower.read_until("try 1");
  std::ofstream(gate) << "middle\n";
  follower.read_until("attempt 1 completed");
  follower.signal(SIGINT);
  const auto told = follower.finish();
  CHECK(told.code == 130);
  CHECK(told.err.empty());
}

TEST_CASE("a follower goes on where it was when the server has died and is there again", "[client]") {
  TempDir dir;
  const std::uint16_t port = lasting_port();
  const std::string gate = dir.file("gate");
  auto taskd = std::make_unique<TaskdProcess>(dir.path() / "data", Environment{}, port);
  const std::string run = make_gated(*taskd, gate);
  ClientProcess follower({"logs", run, "-f"}, environment_of(*taskd));
  follower.read_until("try 1");
  taskd->signal(SIGKILL);
  REQUIRE(taskd->exit_code() == -SIGKILL);
  taskd = std::make_unique<TaskdProcess>(dir.path() / "data", Environment{}, port);
  follower.read_until("try 2");
  std::ofstream(gate) << "middle\n";
  const auto told = follower.finish();
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  for (const char* part : {"attempt 1 started", "try 1", "try 2", "middle", "last", "attempt 2 completed"}) {
    CHECK(count(told.out, part) == 1);
  }
}

TEST_CASE("a follower comes back behind the last line that it has, and takes what is half there anew", "[client]") {
  std::atomic<int> calls{0};
  std::mutex mutex;
  std::vector<std::string> asked;
  const TestServer server([&](Peer& peer) {
    const auto request = peer.read();
    if (request.method.empty()) return;
    const int call = calls++;
    {
      const std::lock_guard lock(mutex);
      asked.push_back(request.target + " " + request.header("Last-Event-ID"));
    }
    if (call == 0) {
      begin(peer);
      tell(peer, line(1).substr(0, 30));
      tell(peer, line(1).substr(30) + ": \n\n" + line(2) + line(3).substr(0, 50));
    } else if (call == 1) {
      peer.answer(503, R"({"detail":"it stops"})", "Retry-After: 1\r\n");
    } else if (call == 2) {
      begin(peer);
      tell(peer, line(3));
      finish(peer);  // as a server that stops does it
    } else if (call == 3) {
      peer.answer(429, "{}", "Retry-After: 0\r\n");
    } else {
      begin(peer);
      tell(peer, line(4) + kEnd);
      finish(peer);
    }
  });
  const auto told = ClientProcess({"logs", "run_7", "-f", "--level", "info"}, environment_of(server.url(""))).finish();
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  std::string expected;
  for (int i = 1; i <= 4; ++i) expected += "2027-01-31 09:00:00.000 INFO  line " + std::to_string(i) + "\n";
  CHECK(told.out == expected);
  const std::string path = "/api/runs/run_7/logs?level=info ";
  const std::lock_guard lock(mutex);
  CHECK(asked == std::vector<std::string>{path, path + "at2", path + "at2", path + "at3", path + "at3"});
}

TEST_CASE("a follower ends when the server refuses it, and at once when there is none at first", "[client]") {
  std::atomic<int> calls{0};
  const TestServer server([&](Peer& peer) {
    if (peer.read().method.empty()) return;
    if (calls++ > 0) return (void)peer.answer(404, R"({"detail":"There is no such run."})");
    begin(peer);
    tell(peer, line(1));
    finish(peer);
  });
  const auto told = ClientProcess({"logs", "run_7", "-f"}, environment_of(server.url(""))).finish();
  CHECK(told.code == 3);
  CHECK(has(told.out, "line 1\n"));
  CHECK(told.err == "taskd: There is no such run.\n");
  const TestServer silent([](Peer& peer) {
    peer.read();
    peer.reset();
  });
  CHECK(ClientProcess({"logs", "run_7", "-f"}, environment_of(silent.url(""))).finish().code == 4);
}

TEST_CASE("Ctrl-C ends a follower that tries to come back", "[client]") {
  std::atomic<int> calls{0};
  std::promise<void> third_call;
  const auto came_back = third_call.get_future();
  const TestServer server([&](Peer& peer) {
    peer.read();
    const int call = ++calls;
    if (call == 3) third_call.set_value();
    if (call > 1) return peer.reset();
    begin(peer);
    tell(peer, line(1));
  });
  ClientProcess follower({"logs", "run_7", "-f"}, environment_of(server.url("")));
  follower.read_until("line 1\n");
  REQUIRE(came_back.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  follower.signal(SIGINT);
  const auto told = follower.finish();
  CHECK(told.code == 130);
  CHECK(has(told.err, "the log broke off, and is tried again"));
  CHECK(count(told.err, "\n") == 1);
}

TEST_CASE("what is no log is said to be none", "[client]") {
  const TestServer server([&](Peer& peer) {
    peer.read();
    begin(peer);
    tell(peer, "event: log\ndata: hello\n\n");
    peer.wait_closed();
  });
  const auto told = ClientProcess({"logs", "run_7", "-f"}, environment_of(server.url(""))).finish();
  CHECK(told.code == 4);
  CHECK(has(told.err, "is not what a taskd says"));
}

TEST_CASE("a follower comes back to a server that died before it had a line to tell", "[client]") {
  std::atomic<int> calls{0};
  const TestServer server([&](Peer& peer) {
    if (peer.read().method.empty()) return;
    const int call = calls++;
    if (call == 1) return peer.reset();
    begin(peer);
    if (call == 0) return;
    tell(peer, line(1) + kEnd);
    finish(peer);
  });
  const auto told = ClientProcess({"logs", "run_7", "-f"}, environment_of(server.url(""))).finish();
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  CHECK(told.out == "2027-01-31 09:00:00.000 INFO  line 1\n");
}

TEST_CASE("a log that was told in part is not told again from its beginning", "[client]") {
  for (const int status : {200, 406}) {
    std::atomic<int> calls{0};
    const TestServer server([&](Peer& peer) {
      if (peer.read().method.empty()) return;
      if (calls++ > 0) return (void)peer.answer(status, R"({"logs":[],"nextCursor":null})");
      begin(peer);
      tell(peer, line(1));
      finish(peer);
    });
    const auto told = ClientProcess({"logs", "run_7", "-f"}, environment_of(server.url(""))).finish();
    CHECK(told.code == 4);
    CHECK(told.out == "2027-01-31 09:00:00.000 INFO  line 1\n");
    CHECK(has(told.err, "is not what a taskd says"));
    CHECK(calls == 2);
  }
}

TEST_CASE("a server that tells no log live is asked again and again", "[client]") {
  for (const int status : {200, 406, 415, 429, 503}) {
    std::atomic<int> looks{0};
    const TestServer server([&](Peer& peer) {
      for (auto request = peer.read(); !request.method.empty(); request = peer.read()) {
        const bool is_page = has(request.target, "/logs");
        if (is_page && has(request.header("Accept"), "text/event-stream") && status != 200) {
          peer.answer(status, "{}");
        } else if (is_page) {
          peer.answer(
              200, R"({"logs":[{"timestamp":"2027-01-31T09:00:00.000Z","level":"INFO","message":"one","data":null}],)"
                   R"("nextCursor":null})");
        } else {
          peer.answer(200, looks++ == 0 ? R"({"status":"running"})" : R"({"status":"completed"})");
        }
      }
    });
    const auto told = ClientProcess({"logs", "run_7", "-f"}, environment_of(server.url(""))).finish();
    INFO(told.out << told.err);
    CHECK(told.code == 0);
    CHECK(told.out == "2027-01-31 09:00:00.000 INFO  one\n");
    CHECK(looks == 2);
  }
}

TEST_CASE("a log is followed over https, too", "[client]") {
  TempDir dir;
  const TestCa ca;
  std::atomic<int> calls{0};
  const TestServer server(
      [&](Peer& peer) {
        if (peer.read().method.empty()) return;
        begin(peer);
        tell(peer, calls++ == 0 ? line(1) : line(2) + kEnd);
        if (calls == 1) return;  // without an end
        finish(peer);
      },
      ca.server_context("DNS:localhost"));
  auto environment = environment_of(server.url(""));
  environment["TASK_CA"] = dir.write("ca.pem", ca.pem()).string();
  const auto told = ClientProcess({"logs", "run_7", "-f"}, environment).finish();
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  CHECK(has(told.out, "line 1\n"));
  CHECK(has(told.out, "line 2\n"));
}
