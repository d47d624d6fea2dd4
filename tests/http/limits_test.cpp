// What is too big, too slow, malformed or too much.
#include <boost/json.hpp>

#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using std::chrono::milliseconds;

namespace {

/// Sends `bytes` to a fresh connection; the answer must be a problem with this status, and then the end.
void expect_refusal(std::uint16_t port, std::string_view bytes, int status) {
  INFO(std::string(bytes.substr(0, 200)));
  RawClient client(port);
  client.send(bytes);
  const auto response = client.receive();
  REQUIRE(response);
  CHECK(response->status == status);
  CHECK(response->headers.at("content-type") == "application/problem+json");
  CHECK(response->headers.at("connection") == "close");
  const auto problem = boost::json::parse(response->body);
  CHECK(problem.at("status") == status);
  CHECK(std::string(problem.at("requestId").as_string()) == response->headers.at("x-request-id"));
  client.finish();
  CHECK(client.closed());
}

HttpOptions quick() {
  HttpOptions options;
  options.head_timeout = milliseconds(60);
  options.request_timeout = milliseconds(120);
  options.idle_timeout = milliseconds(60);
  options.write_timeout = milliseconds(100);
  options.linger_timeout = milliseconds(60);
  return options;
}

}  // namespace

TEST_CASE("malformed heads are 400 and the end", "[http]") {
  TestListener server;
  for (const std::string& bytes : std::vector<std::string>{
           "nonsense\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
           "GET / HTTP/1.1\nHost: a\n\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
           "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           std::string("\x16\x03\x01\x02\x00\x01", 6) + "\r\n\r\n"}) {
    expect_refusal(server.port(), bytes, 400);
  }
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400);
  expect_refusal(server.port(), "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nExpect: the-worst\r\nContent-Length: 1\r\n\r\n", 417);
}

TEST_CASE("a malformed request behind a good one does not spoil it", "[http]") {
  TestListener server;
  RawClient client(server.port());
  REQUIRE(client.send(get("/good") + "bad\r\n\r\n"));
  CHECK(client.receive()->body == "GET /good ");
  CHECK(client.receive()->status == 400);
}

TEST_CASE("a head over 16 KiB is 431, a target over 8 KiB 414, a body over the limit 413", "[http]") {
  HttpOptions options;
  options.limits.body = 1000;
  TestListener server(options);
  expect_refusal(server.port(), get("/", "X: " + std::string(17 * 1024, 'a') + "\r\n"), 431);
  expect_refusal(server.port(), "GET / HTTP/1.1\r\nX: " + std::string(40 * 1024, 'a'), 431);
  expect_refusal(server.port(), get("/" + std::string(9000, 'a')), 414);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999\r\n\r\n", 413);
  expect_refusal(server.port(),
                 "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n" + std::string(500, 'a') +
                     "\r\n1f5\r\n" + std::string(501, 'a') + "\r\n0\r\n\r\n",
                 413);
  // The limit itself is fine, and an Expect for too much is refused before the body is sent.
  RawClient client(server.port());
  REQUIRE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'a')));
  CHECK(client.receive()->status == 200);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n",
                 413);
  // A head just below the limit passes.
  REQUIRE(client.send(get("/ok", "X: " + std::string(15 * 1024, 'a') + "\r\n")));
  CHECK(client.receive()->status == 200);
}

TEST_CASE("a client that uploads too much can still read why", "[http]") {
  HttpOptions options;
  options.limits.body = 1000;
  TestListener server(options);
  RawClient client(server.port());
  CHECK(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + std::string(2'000'000, 'a')));
  CHECK(client.receive()->status == 413);
}

TEST_CASE("a slow head and a slow body are dropped with 408", "[http]") {
  TestListener server(quick());
  expect_refusal(server.port(), "GET / HT", 408);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", 408);
  expect_refusal(server.port(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 408);
}

TEST_CASE("dripping bytes does not extend the deadline", "[http]") {
  TestListener server(quick());
  RawClient client(server.port());
  REQUIRE(client.send("GET / HTTP/1.1\r\n"));
  while (client.quiet(milliseconds(5))) client.send("X");
  const auto response = client.receive();
  REQUIRE(response);
  CHECK(response->status == 408);
}

TEST_CASE("an idle connection is closed without a word", "[http]") {
  TestListener server(quick());
  RawClient silent(server.port());
  CHECK(silent.closed());
  RawClient kept(server.port());
  REQUIRE(kept.send(get("/")));
  CHECK(kept.receive()->status == 200);
  CHECK(kept.closed());
}

TEST_CASE("a client that does not read its response is dropped", "[http]") {
  TestListener server(quick(), [](std::shared_ptr<Request>, Reply reply) {
    Response response;
    response.body.assign(64 * 1024 * 1024, 'x');
    reply(std::move(response));
  });
  RawClient client(server.port());
  REQUIRE(client.send(get("/")));
  REQUIRE_FALSE(client.quiet(std::chrono::seconds(10)));  // The response has begun to come.
  server.drain(std::chrono::hours(1)).wait();             // Not the drain's deadline ends this, but the write's.
  CHECK(server.listener().connections() == 0);
}

TEST_CASE("beyond the cap a connection is told 503, and room is given back", "[http]") {
  HttpOptions options;
  options.max_connections = 3;
  TestListener server(options);
  {
    std::vector<std::unique_ptr<RawClient>> open;
    for (int i = 0; i < 3; ++i) {
      open.push_back(std::make_unique<RawClient>(server.port()));
      REQUIRE(open.back()->send(get("/")));
      CHECK(open.back()->receive()->status == 200);
    }
    RawClient extra(server.port());
    const auto response = extra.receive();
    REQUIRE(response);
    CHECK(response->status == 503);
    CHECK(response->headers.at("retry-after") == "1");
    CHECK(response->headers.at("connection") == "close");
    REQUIRE(open.front()->send(get("/still")));
    CHECK(open.front()->receive()->body == "GET /still ");
  }
  int status = 503;
  while (status == 503) {
    RawClient again(server.port());
    again.send(get("/"));
    const auto response = again.receive();
    status = response ? response->status : 503;
  }
  CHECK(status == 200);
}

TEST_CASE("one address cannot have all connections", "[http]") {
  HttpOptions options;
  options.max_connections_per_address = 2;
  TestListener server(options);
  RawClient first(server.port());
  RawClient second(server.port());
  for (RawClient* client : {&first, &second}) {
    REQUIRE(client->send(get("/")));
    CHECK(client->receive()->status == 200);
  }
  RawClient third(server.port());
  CHECK(third.receive()->status == 503);
  RawClient other(server.port(), "127.0.0.2");
  REQUIRE(other.send(get("/")));
  CHECK(other.receive()->status == 200);
}

TEST_CASE("a thousand idle connections are borne", "[http]") {
  TestListener server;
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(std::make_unique<RawClient>(server.port()));
  RawClient client(server.port());
  REQUIRE(client.send(get("/alive")));
  CHECK(client.receive()->body == "GET /alive ");
  REQUIRE(idle.back()->send(get("/too")));
  CHECK(idle.back()->receive()->body == "GET /too ");
  CHECK(server.listener().connections() == 1001);
}

TEST_CASE("blank lines before a request are borne", "[http]") {
  TestListener server;
  RawClient client(server.port());
  REQUIRE(client.send("\r\n\r\n" + get("/a") + "\r\n" + get("/b")));
  CHECK(client.receive()->body == "GET /a ");
  CHECK(client.receive()->body == "GET /b ");
}
