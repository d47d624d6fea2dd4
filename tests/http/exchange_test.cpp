// Requests and responses on one connection: order, bodies, keep-alive.
#include <condition_variable>
#include <mutex>

#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

TEST_CASE("a connection carries many requests", "[http]") {
  TestListener server;
  RawClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    REQUIRE(client.send(get("/a" + std::to_string(i))));
    const auto response = client.receive();
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->body == "GET /a" + std::to_string(i) + " ");
    CHECK(response->headers.count("date") == 1);
  }
  CHECK(server.listener().connections() == 1);
}

TEST_CASE("pipelined requests are answered in order, however they are cut", "[http]") {
  TestListener server;
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    const std::string body(static_cast<std::size_t>(i % 7), 'b');
    bytes += "POST /p" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
             "\r\n\r\n" + body;
  }
  for (const std::size_t piece : {bytes.size(), std::size_t{1000}, std::size_t{61}}) {
    RawClient client(server.port());
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      REQUIRE(client.send(std::string_view(bytes).substr(at, piece)));
    for (int i = 0; i < 300; ++i) {
      const auto response = client.receive();
      REQUIRE(response);
      REQUIRE(response->body ==
              "POST /p" + std::to_string(i) + " " + std::string(static_cast<std::size_t>(i % 7), 'b'));
    }
  }
}

TEST_CASE("a request may come byte by byte", "[http]") {
  TestListener server;
  RawClient client(server.port());
  const std::string bytes =
      "PUT /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: "
      "t\r\n\r\n";
  for (const char c : bytes) REQUIRE(client.send(std::string_view(&c, 1)));
  CHECK(client.receive()->body == "PUT /slow abcde");
}

TEST_CASE("replies from other threads, late and out of order, reach their own connection", "[http]") {
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<std::pair<std::string, Reply>> held;
  TestListener server({}, [&](std::shared_ptr<Request> request, Reply reply) {
    const std::lock_guard lock(mutex);
    held.emplace_back(request->path, std::move(reply));
    arrived.notify_one();
  });
  RawClient first(server.port());
  RawClient second(server.port());
  REQUIRE(first.send(get("/1") + get("/3")));
  REQUIRE(second.send(get("/2")));
  std::unique_lock lock(mutex);
  arrived.wait(lock, [&] { return held.size() == 2; });
  auto both = std::move(held);
  held.clear();
  lock.unlock();
  for (auto it = both.rbegin(); it != both.rend(); ++it) {
    Response response;
    response.body = it->first;
    it->second(response);
    it->second(response);  // A second answer to one request is nobody's.
  }
  CHECK(first.receive()->body == "/1");
  CHECK(second.receive()->body == "/2");
  lock.lock();
  arrived.wait(lock, [&] { return held.size() == 1; });
  CHECK(held.front().first == "/3");
  held.clear();  // Forgotten: the client is told.
  lock.unlock();
  CHECK(first.receive()->status == 500);
}

TEST_CASE("HEAD has the head of GET and no body", "[http]") {
  TestListener server;
  RawClient client(server.port());
  REQUIRE(client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n" + get("/next")));
  const auto head = client.receive(true);
  REQUIRE(head);
  CHECK(head->headers.at("content-length") == "8");
  CHECK(client.receive()->body == "GET /next ");
}

TEST_CASE("large bodies go both ways", "[http]") {
  TestListener server;
  RawClient client(server.port());
  const std::string body(1024 * 1024, 'z');
  REQUIRE(client.send("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                      body));
  CHECK(client.receive()->body == "POST /big " + body);
  REQUIRE(client.send(get("/after")));
  CHECK(client.receive()->body == "GET /after ");
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection, keep-alive keeps it", "[http]") {
  TestListener server;
  RawClient closing(server.port());
  REQUIRE(closing.send(get("/", "Connection: close\r\n")));
  CHECK(closing.receive()->headers.at("connection") == "close");
  CHECK(closing.closed());
  RawClient old(server.port());
  REQUIRE(old.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  CHECK(old.receive()->headers.at("connection") == "keep-alive");
  REQUIRE(old.send("GET /b HTTP/1.0\r\n\r\n"));
  CHECK(old.receive()->headers.at("connection") == "close");
  CHECK(old.closed());
}

TEST_CASE("a client that waits for 100 Continue gets it", "[http]") {
  TestListener server;
  RawClient client(server.port());
  REQUIRE(client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  CHECK(client.receive()->status == 100);
  REQUIRE(client.send("abc"));
  CHECK(client.receive()->body == "POST /e abc");
  // The body that comes along unasked needs no go-ahead.
  REQUIRE(client.send("POST /f HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"));
  CHECK(client.receive()->body == "POST /f abc");
}

TEST_CASE("no value can smuggle a header into the response", "[http]") {
  TestListener server({}, [](std::shared_ptr<Request>, Reply reply) {
    Response response;
    response.headers.add("X-Odd", "a\r\nSet-Cookie: b");
    reply(std::move(response));
  });
  RawClient client(server.port());
  REQUIRE(client.send(get("/")));
  const auto response = client.receive();
  CHECK(response->headers.at("x-odd") == "a  Set-Cookie: b");
  CHECK(response->headers.count("set-cookie") == 0);
}
