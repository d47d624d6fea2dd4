// What a call sends: the message, where redirects lead it, over which connection.
#include <boost/json/serialize.hpp>

#include "net/call_world.hpp"

using namespace net_test;
using taskcore::Run;
using taskcore::Status;

namespace {

/// Keeps what it was sent, and answers 200.
class Recorder {
 public:
  explicit Recorder(std::string answer_headers = "")
      : server_([this, answer_headers](Peer& peer) {
          for (;;) {
            const Request request = peer.read();
            if (request.method.empty()) return;
            {
              const std::lock_guard lock(mutex_);
              requests_.push_back(request);
            }
            if (!peer.answer(200, "ok", answer_headers)) return;
          }
        }) {}

  std::string url(const std::string& path = "/") const { return server_.url(path); }
  std::vector<Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  Request last() { return requests().back(); }
  int connections() const { return server_.connections(); }
  int port() const { return server_.port(); }

 private:
  std::mutex mutex_{};
  std::vector<Request> requests_{};
  TestServer server_;
};

/// Sends every request on to `location`.
TestServer redirecting(int status, std::string location) {
  return TestServer([=](Peer& peer) {
    while (!peer.read().method.empty()) peer.answer(status, "", "Location: " + location + "\r\n");
  });
}

}  // namespace

TEST_CASE("a call sends what its configuration says") {
  CallWorld world;
  Recorder server;
  world.call({{"url", server.url("/a%20b?q=1#fragment")}, {"headers", {{"X-Mine", "1"}}}});
  Request request = server.last();
  CHECK(request.method == "GET");
  CHECK(request.target == "/a%20b?q=1");
  CHECK(request.header("Host") == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(request.header("X-Mine") == "1");
  CHECK(request.header("User-Agent").starts_with("taskcore/"));
  CHECK(request.header("traceparent").size() == 55);
  CHECK(request.header("Content-Length") == "");

  world.call({{"url", server.url()}, {"method", "POST"}, {"body", {{"a", 1}}}, {"auth", {{"bearer", "abc"}}}});
  request = server.last();
  CHECK(request.body == R"({"a":1})");
  CHECK(request.header("Content-Type") == "application/json");
  CHECK(request.header("Authorization") == "Bearer abc");

  world.call({{"url", server.url()},
              {"method", "put"},
              {"body", "text"},
              {"auth", {{"basic", {{"username", "Aladdin"}, {"password", "open sesame"}}}}}});
  request = server.last();
  CHECK(request.method == "PUT");
  CHECK(request.body == "text");
  CHECK(request.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(request.header("Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617's example

  world.call({{"url", server.url()}, {"method", "POST"}});
  CHECK(server.last().header("Content-Length") == "0");
}

TEST_CASE("credentials that a server repeats do not come into the result") {
  CallWorld world;
  const TestServer echo([](Peer& peer) {
    for (Request request = peer.read(); !request.method.empty(); request = peer.read()) {
      peer.answer(200, request.head, "X-Echo: " + request.header("Authorization") + "\r\n");
    }
  });
  const json::object basic{{"basic", {{"username", "Aladdin"}, {"password", "open sesame"}}}};
  for (const json::object& auth : {basic, json::object{{"bearer", "a-long-token"}}}) {
    const Run run = world.call({{"url", echo.url()}, {"auth", auth}});
    const std::string shown = json::serialize(run.result);
    CHECK(shown.find("***") != std::string::npos);
    CHECK(shown.find("QWxhZGRpbjpvcGVuIHNlc2FtZQ") == std::string::npos);
    CHECK(shown.find("a-long-token") == std::string::npos);
  }
}

TEST_CASE("calls to one server share a connection; one that was closed meanwhile is replaced") {
  CallWorld world;
  Recorder server;
  for (int i = 0; i < 5; ++i) CHECK(world.get(server.url()).status == Status::completed);
  CHECK(server.connections() == 1);

  const TestServer closing([](Peer& peer) {
    peer.read();
    peer.answer(200, "one");
  });
  for (int i = 0; i < 5; ++i) CHECK(world.get(closing.url()).status == Status::completed);
  CHECK(closing.connections() == 5);
}

TEST_CASE("a redirect is followed as browsers do it") {
  CallWorld world;
  Recorder server;
  for (const auto& [status, method, body] : std::vector<std::tuple<int, std::string, std::string>>{
           {301, "GET", ""}, {302, "GET", ""}, {303, "GET", ""}, {307, "POST", "{}"}, {308, "POST", "{}"}}) {
    CAPTURE(status);
    const TestServer first = redirecting(status, server.url("/there"));
    const json::object config{{"url", first.url("/here")},
                              {"method", "POST"},
                              {"body", json::object{}},
                              {"auth", {{"bearer", "mine"}}},
                              {"headers", {{"X-Kept", "1"}}}};
    CHECK(world.call(config).status == Status::completed);
    const Request request = server.last();
    CHECK(request.method == method);
    CHECK(request.body == body);
    CHECK(request.target == "/there");
    CHECK(request.header("Authorization") == "");  // another port is another origin
    CHECK(request.header("X-Kept") == "1");
  }
}

TEST_CASE("a redirect within one server keeps who asks") {
  CallWorld world;
  std::string seen;
  const TestServer server([&](Peer& peer) {
    for (;;) {
      const Request request = peer.read();
      if (request.method.empty()) return;
      if (request.target == "/a/b") {
        peer.answer(302, "", "Location: ../c?x=1\r\n");
      } else {
        seen = request.target + " " + request.header("Authorization");
        peer.answer(200, "");
      }
    }
  });
  CHECK(world.call({{"url", server.url("/a/b")}, {"auth", {{"bearer", "mine"}}}}).status == Status::completed);
  CHECK(seen == "/c?x=1 Bearer mine");
}

TEST_CASE("redirects end: by choice, after ten, and where they lead astray") {
  CallWorld world;
  Recorder target;
  const TestServer one = redirecting(302, target.url());
  const Run kept = world.call({{"url", one.url()}, {"followRedirects", false}});
  CHECK(CallWorld::code(kept) == "http_status");
  CHECK(target.requests().empty());

  const TestServer round = redirecting(302, "/again");
  CHECK(CallWorld::code(world.get(round.url())) == "redirect");
  for (const char* location : {"ftp://example.com/", "http://user:pw@127.0.0.1/", "http://", "http://[::1"}) {
    CAPTURE(location);
    const TestServer astray = redirecting(302, location);
    const Run run = world.get(astray.url());
    CHECK(CallWorld::code(run) == "redirect");
    CHECK_FALSE(run.error->retryable);
  }
}

TEST_CASE("a redirect to what calls may not reach is refused") {
  Recorder inner;
  CallWorld world({.outbound_allow = {"localhost"}});
  const TestServer outer = redirecting(302, inner.url());  // http://127.0.0.1
  const std::string url = "http://localhost:" + std::to_string(outer.port()) + "/";
  CHECK(CallWorld::code(world.get(url)) == "outbound_refused");
  CHECK(inner.requests().empty());
}

TEST_CASE("each spelling of this machine is refused, straight and by a redirect, and reached when it is named") {
  Recorder inner;
  CallWorld strict({.outbound_allow = {"localhost"}});
  CallWorld open({.outbound_allow = {"localhost", "127.0.0.1", "0.0.0.0"}});
  for (const char* host : {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
                           "017700000001", "0177.0.0.1", "0177.1", "00000177.0.0.01", "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]", "0", "0.0.0.0", "0x0", "00"}) {
    CAPTURE(host);
    const std::string straight = "http://" + std::string(host) + ":" + std::to_string(inner.port()) + "/";
    const TestServer outer = redirecting(307, straight);
    const std::string round = "http://localhost:" + std::to_string(outer.port()) + "/";
    const std::size_t before = inner.requests().size();
    CHECK(CallWorld::code(strict.get(straight)) == "outbound_refused");
    CHECK(CallWorld::code(strict.get(round)) == "outbound_refused");
    CHECK(inner.requests().size() == before);
    CHECK(open.get(straight).status == Status::completed);
    CHECK(open.get(round).status == Status::completed);
    CHECK(inner.requests().size() == before + 2);
  }
}

TEST_CASE("a webhook is a signed POST with one id for all attempts") {
  CallWorld world;
  std::mutex mutex;
  std::vector<Request> requests;
  const TestServer server([&](Peer& peer) {
    for (;;) {
      const Request request = peer.read();
      if (request.method.empty()) return;
      const std::lock_guard lock(mutex);
      requests.push_back(request);
      peer.answer(requests.size() == 1 ? 500 : 204, "");
    }
  });
  const std::string old_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const std::string new_secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  taskcore::TaskSpec spec;
  spec.config =
      taskcore::webhook({.url = server.url(), .body = json::object{{"n", 1}}, .secrets = {new_secret, old_secret}});
  spec.retry.initial_delay = taskcore::Duration(0);
  const Run run = world.scheduler().wait(world.begin(spec).id).value();
  CHECK(run.status == Status::completed);
  REQUIRE(requests.size() == 2);
  for (const Request& request : requests) {
    CHECK(request.method == "POST");
    CHECK(request.body == R"({"n":1})");
    CHECK(request.header("Content-Type") == "application/json");
    CHECK(request.header("webhook-id") == run.id);
    const taskcore::TimePoint at{std::chrono::seconds(std::stoll(request.header("webhook-timestamp")))};
    CHECK(request.header("webhook-signature") ==
          taskcore::webhook_signature(new_secret, run.id, at, request.body).value() + " " +
              taskcore::webhook_signature(old_secret, run.id, at, request.body).value());
  }
  CHECK(requests[0].header("traceparent").substr(0, 35) == requests[1].header("traceparent").substr(0, 35));
  CHECK(requests[0].header("traceparent") != requests[1].header("traceparent"));
}
