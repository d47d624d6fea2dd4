// The probes: what they say of a store in trouble, of a thread that stands still, and of a server that stops.
#include <atomic>
#include <boost/asio/post.hpp>
#include <future>

#include "http/test_app.hpp"
#include "support/catch.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/testing/virtual_clock.hpp"
#include "unit/engine/unsure_store.hpp"

using namespace taskd;
using namespace taskd::testing;
using taskcore::engine_test::UnsureStore;

TEST_CASE("readiness tells of a store in trouble until it takes writes again", "[health]") {
  bool next_commit = false;
  taskcore::Options options;
  options.clock = std::make_shared<taskcore::testing::VirtualClock>();  // so that nothing looks again by itself
  TestApp app({}, options, {}, std::make_unique<UnsureStore>(taskcore::memory(), next_commit));
  const auto well = app.get("", "/readyz");
  CHECK(well.status == 200);
  CHECK(well.body.at("status") == "ready");
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  next_commit = true;
  CHECK(app.post("alice", "/api/tasks", R"({"id":"b","name":"B"})").status == 503);
  const auto ill = app.get("", "/readyz");
  CHECK(ill.status == 503);
  CHECK(ill.headers.get("Retry-After") == "5");
  CHECK(ill.body.at("detail") == "The store cannot be used at present.");
  CHECK(app.get("", "/livez").status == 200);
  CHECK(app.get("", "/metrics").text.find("\ntaskcore_store_up 0\n") != std::string::npos);
  CHECK(app.get("alice", "/api/tasks/a").status == 200);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"c","name":"C"})").status == 201);
  CHECK(app.get("", "/readyz").status == 200);
}

TEST_CASE("a server that stops is alive and not ready", "[health]") {
  std::atomic<bool> stopping{false};
  TestApp app({}, {}, [&](AppOptions& options) { options.is_stopping = [&] { return stopping.load(); }; });
  CHECK(app.get("", "/readyz").status == 200);
  stopping = true;
  CHECK(app.get("", "/readyz").status == 503);
  CHECK(app.get("", "/readyz").body.at("detail") == "The server is stopping.");
  CHECK(app.get("", "/livez").status == 200);
}

TEST_CASE("liveness tells of a scheduler's thread that stands still", "[health]") {
  TestApp app({}, {}, [](AppOptions& options) { options.pulse_patience = std::chrono::milliseconds(-1); });
  std::promise<void> begun;
  std::promise<void> go_on;
  boost::asio::post(app.scheduler().get_executor(), [&] {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  CHECK(app.get("", "/livez").status == 200);  // it sends the first tick
  CHECK(app.get("", "/livez").status == 503);
  CHECK(app.get("", "/livez").status == 503);
  go_on.set_value();
  std::promise<void> turned;
  boost::asio::post(app.scheduler().get_executor(), [&] { turned.set_value(); });
  turned.get_future().wait();
  CHECK(app.get("", "/livez").status == 200);
}
