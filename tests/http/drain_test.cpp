// Stopping: idle connections go at once, requests in hand are finished, the rest is cut at the deadline.
#include <condition_variable>
#include <mutex>

#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using std::chrono::milliseconds;

namespace {

/// A handler that keeps its reply until the test lets go of it.
struct Held {
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<Reply> replies;

  Handler handler() {
    return [this](std::shared_ptr<Request>, Reply reply) {
      const std::lock_guard lock(mutex);
      replies.push_back(std::move(reply));
      arrived.notify_one();
    };
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return replies.size() >= count; });
  }
};

}  // namespace

TEST_CASE("a drain closes idle connections and accepts no more", "[http]") {
  TestListener server;
  RawClient idle(server.port());
  REQUIRE(idle.send(get("/")));
  CHECK(idle.receive()->status == 200);
  server.drain(std::chrono::seconds(10)).wait();
  CHECK(idle.closed());
  CHECK_THROWS(RawClient(server.port()));
}

TEST_CASE("a drain lets the request in hand finish", "[http]") {
  Held held;
  TestListener server({}, held.handler());
  RawClient busy(server.port());
  REQUIRE(busy.send(get("/")));
  held.wait_for(1);
  auto done = server.drain(std::chrono::seconds(10));
  // Once the listener is closed the drain has begun.
  while (true) {
    try {
      RawClient probe(server.port());
    } catch (const std::exception&) {
      break;
    }
  }
  held.replies.front()(Response{});
  const auto response = busy.receive();
  REQUIRE(response);
  CHECK(response->headers.at("connection") == "close");
  busy.finish();
  done.wait();
}

TEST_CASE("a drain cuts what is left at its deadline", "[http]") {
  Held held;
  TestListener server({}, held.handler());
  RawClient busy(server.port());
  REQUIRE(busy.send(get("/")));
  held.wait_for(1);
  server.drain(milliseconds(50)).wait();
  CHECK(busy.closed());
  held.replies.clear();
}
