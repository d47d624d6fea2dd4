// Clients that are slow to send much, beside others: what all bodies hold is bounded, and small ones come through.
#include <boost/json/parse.hpp>
#include <future>
#include <list>
#include <thread>

#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

constexpr std::size_t kKiB = 1024;

HttpOptions with_memory(std::size_t size) {
  HttpOptions options;
  options.body_memory = size;
  return options;
}

std::string post(std::size_t length) {
  return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string whole_post(std::size_t length) { return post(length) + std::string(length, 'x'); }

/// Until the bodies of all connections hold that much.
void wait_for_memory(TestListener& server, std::size_t size) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (server.listener().body_memory() != size && std::chrono::steady_clock::now() < patience) {
    std::this_thread::yield();
  }
  REQUIRE(server.listener().body_memory() == size);
}

}  // namespace

TEST_CASE("slow large bodies leave no room for the next one, but for small ones", "[http]") {
  TestListener server(with_memory(1024 * kKiB));
  std::list<RawClient> slow;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(slow.emplace_back(server.port()).send(post(250 * kKiB) + std::string(200 * kKiB, 'x')));
  }
  wait_for_memory(server, 3 * (256 + 64) * kKiB);

  RawClient large(server.port());
  REQUIRE(large.send(whole_post(100 * kKiB)));
  const auto refused = large.receive();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->headers.at("retry-after") == "1");
  CHECK(refused->headers.at("connection") == "close");
  CHECK(refused->headers.at("content-type") == "application/problem+json");
  CHECK(boost::json::parse(refused->body).at("status") == 503);
  large.finish();
  CHECK(large.closed());
  CHECK(server.listener().body_memory() == 3 * (256 + 64) * kKiB);

  RawClient small(server.port());
  for (const std::size_t size : {std::size_t{10}, 4 * kKiB, 16 * kKiB}) {
    REQUIRE(small.send(whole_post(size)));
    CHECK(small.receive()->status == 200);
  }
  // One of the slow ones ends after all; the others go.
  REQUIRE(slow.front().send(std::string(50 * kKiB, 'x')));
  CHECK(slow.front().receive()->status == 200);
  slow.clear();
  wait_for_memory(server, 0);
  REQUIRE(small.send(whole_post(500 * kKiB)));
  CHECK(small.receive()->status == 200);
}

TEST_CASE("a slow client that announces much holds nothing by that", "[http]") {
  TestListener server(with_memory(256 * kKiB));
  std::list<RawClient> slow;
  for (int i = 0; i < 50; ++i) REQUIRE(slow.emplace_back(server.port()).send(post(1024 * kKiB) + "x"));
  RawClient large(server.port());
  REQUIRE(large.send(whole_post(100 * kKiB)));
  CHECK(large.receive()->status == 200);
  wait_for_memory(server, 0);
}

TEST_CASE("what a slow client held is free once it is dropped", "[http]") {
  HttpOptions options = with_memory(256 * kKiB);
  options.request_timeout = std::chrono::milliseconds(60);
  TestListener server(options);
  RawClient slow(server.port());
  REQUIRE(slow.send(post(300 * kKiB) + std::string(100 * kKiB, 'x')));
  CHECK(slow.receive()->status == 408);  // it lingers, and holds nothing any more
  CHECK(server.listener().body_memory() == 0);
}

TEST_CASE("a body is counted until its request is answered", "[http]") {
  std::promise<std::pair<std::shared_ptr<Request>, Reply>> taken;
  TestListener server(with_memory(256 * kKiB), [&](std::shared_ptr<Request> request, Reply reply) {
    if (request->path == "/") return taken.set_value({std::move(request), std::move(reply)});
    echo(std::move(request), std::move(reply));
  });
  RawClient first(server.port());
  REQUIRE(first.send(whole_post(100 * kKiB)));
  auto [request, reply] = taken.get_future().get();
  CHECK(server.listener().body_memory() == (128 + 64) * kKiB);
  request.reset();
  reply(Response{});
  CHECK(first.receive()->status == 200);
  CHECK(server.listener().body_memory() == 0);
}
