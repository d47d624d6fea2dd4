// What a server answers, and what becomes of it.
#include <future>

#include "net/call_world.hpp"

using namespace net_test;
using taskcore::Run;
using taskcore::Status;

namespace {

/// A server that answers each request so.
TestServer answering(int status, std::string body, std::string headers = "") {
  return TestServer([=](Peer& peer) {
    while (!peer.read().method.empty()) peer.answer(status, body, headers);
  });
}

/// A server that sends these bytes to its first request and closes.
TestServer sending(std::string bytes) {
  return TestServer([=](Peer& peer) {
    peer.read();
    peer.send(bytes);
  });
}

}  // namespace

TEST_CASE("an answer is the result: status, headers, body") {
  CallWorld world;
  const TestServer json_server = answering(200, R"({"ok": [1, 2]})", "Content-Type: application/json\r\nX-One: 1\r\n");
  const Run run = world.get(json_server.url());
  REQUIRE(run.status == Status::completed);
  CHECK(run.result.at("status") == 200);
  CHECK(run.result.at("body") == json::parse(R"({"ok": [1, 2]})"));
  CHECK(run.result.at("headers").at("x-one") == "1");
  CHECK(run.attempts.at(0).http_status == 200);

  const TestServer text_server = answering(201, "plain \xff text", "Set-Cookie: secret=1\r\n");
  const Run text = world.get(text_server.url());
  CHECK(text.result.at("body") == "plain \xef\xbf\xbd text");
  CHECK_FALSE(text.result.at("headers").as_object().contains("set-cookie"));

  const TestServer broken_json = answering(200, "{", "Content-Type: application/json\r\n");
  CHECK(world.get(broken_json.url()).result.at("body") == "{");

  const TestServer empty = answering(204, "");
  CHECK(world.get(empty.url()).result.at("body") == "");
}

TEST_CASE("a long answer is cut, a longer one refused") {
  CallWorld world;
  const TestServer longer = answering(200, std::string(500'000, 'x'));
  const Run run = world.get(longer.url());
  REQUIRE(run.status == Status::completed);
  CHECK(run.result.at("truncated") == true);
  CHECK(run.result.at("body").as_string().size() <= 200 * 1024);
  const TestServer quotes = answering(200, std::string(190'000, '"'));  // twice as long as JSON
  CHECK(world.get(quotes.url()).status == Status::completed);
  const TestServer longest = answering(200, std::string(1'100'000, 'x'));
  const Run refused = world.get(longest.url());
  CHECK(CallWorld::code(refused) == "response_too_large");
  CHECK_FALSE(refused.error->retryable);
}

TEST_CASE("a status that was not expected fails; some may be tried again") {
  CallWorld world;
  for (const auto& [status, retryable] : std::vector<std::pair<int, bool>>{
           {400, false}, {404, false}, {408, true}, {425, true}, {429, true}, {500, true}, {503, true}, {304, false}}) {
    CAPTURE(status);
    const TestServer server = answering(status, status == 304 ? "" : "why");
    const Run run = world.get(server.url("/secret?token=1"));
    REQUIRE(CallWorld::code(run) == "http_status");
    CHECK(run.error->retryable == retryable);
    CHECK(run.error->data.at("httpStatus") == status);
    CHECK(run.attempts.at(0).http_status == status);
    CHECK(run.error->message.find("secret") == std::string::npos);
  }
  const TestServer teapot = answering(418, "");
  CHECK(world.call({{"url", teapot.url()}, {"expectStatus", 418}}).status == Status::completed);
  CHECK(world.call({{"url", teapot.url()}, {"expectStatus", {200, "4xx"}}}).status == Status::completed);
  const TestServer fine = answering(200, "");
  CHECK(CallWorld::code(world.call({{"url", fine.url()}, {"expectStatus", 201}})) == "http_status");
}

TEST_CASE("chunks, interim answers, answers without a length, and HEAD are read as HTTP says") {
  CallWorld world;
  const TestServer chunked = sending(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: 1\r\n\r\n");
  CHECK(world.get(chunked.url()).result.at("body") == "hello world");
  const TestServer interim = sending("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  CHECK(world.get(interim.url()).result.at("body") == "ok");
  const TestServer closing = sending("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  CHECK(world.get(closing.url()).result.at("body") == "until the end");
  const TestServer head = sending("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  CHECK(world.call({{"url", head.url()}, {"method", "head"}}).result.at("headers").at("content-length") == "100");
}

TEST_CASE("an answer that breaks off, or is none, fails and may be tried again") {
  CallWorld world;
  for (const std::string bytes : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nContent-Le",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"}) {
    CAPTURE(bytes);
    const TestServer server = sending(bytes);
    const Run run = world.get(server.url());
    CHECK(CallWorld::code(run) == "truncated");
    CHECK(run.error->retryable);
  }
  for (const std::string& bytes : {std::string("SSH-2.0-OpenSSH_9.2\r\n"), std::string("HTTP/1.1 abc\r\n\r\n"),
                                   std::string("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
                                   std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
                                   "HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n"}) {
    CAPTURE(bytes.substr(0, 60));
    const TestServer server = sending(bytes);
    CHECK(CallWorld::code(world.get(server.url())) == "bad_response");
  }
  const TestServer silent = sending("");
  CHECK(CallWorld::code(world.get(silent.url())) == "connection_lost");
}

TEST_CASE("a connection that is refused or reset fails and may be tried again") {
  CallWorld world;
  std::string nowhere;
  {
    const TestServer gone = sending("");
    nowhere = gone.url();
  }
  const Run refused = world.get(nowhere);
  CHECK(CallWorld::code(refused) == "connect");
  CHECK(refused.error->retryable);
  const TestServer resetting([](Peer& peer) {
    peer.read();
    peer.reset();
  });
  CHECK(CallWorld::code(world.get(resetting.url())) == "connection_lost");
  const Run unknown = world.get("http://nothing.invalid/");
  CHECK(CallWorld::code(unknown) == "dns");
  CHECK(unknown.error->retryable);
}

TEST_CASE("a server that never ends is left alone: by size, by the call's timeout, by the task's, by hand") {
  CallWorld world;
  const TestServer endless([](Peer& peer) {
    peer.read();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.send("10000\r\n" + std::string(0x10000, 'x') + "\r\n")) {
    }
  });
  CHECK(CallWorld::code(world.get(endless.url())) == "response_too_large");

  const TestServer slow([](Peer& peer) {
    peer.read();
    peer.send("HTTP/1.1 200 OK\r\n");
    peer.wait_closed();
  });
  const Run late = world.call({{"url", slow.url()}, {"timeout", 50}});
  CHECK(CallWorld::code(late) == "timeout");
  CHECK(late.error->message.find("timeout") != std::string::npos);

  taskcore::TaskSpec spec;
  spec.config = taskcore::api_call({.url = slow.url()});
  spec.max_retries = 0;
  spec.timeout = 50ms;
  const Run timed_out = world.scheduler().wait(world.begin(spec).id).value();
  CHECK(timed_out.attempts.at(0).status == taskcore::AttemptStatus::timed_out);

  spec.timeout.reset();
  const Run begun = world.begin(spec);
  world.scheduler().cancel_run(begun.id).value();
  CHECK(world.scheduler().wait(begun.id)->status == Status::cancelled);
}

TEST_CASE("Retry-After is the least time until the next attempt") {
  CallWorld world;
  const TestServer busy = answering(503, "", "Retry-After: 3600\r\n");
  taskcore::TaskSpec spec;
  spec.config = taskcore::api_call({.url = busy.url()});
  spec.max_retries = 1;
  std::promise<void> retrying;
  const auto token = world.scheduler().on_event([&](const taskcore::Event& event) {
    if (event.type == taskcore::Event::Type::run_retrying) retrying.set_value();
  });
  const Run begun = world.begin(spec);
  retrying.get_future().wait();
  const Run run = world.scheduler().get_run(begun.id).value();
  REQUIRE(run.retry_at);
  CHECK(*run.retry_at - *run.attempts.at(0).finished_at >= 3600s);
}
