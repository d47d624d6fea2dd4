// Responses that go on: how they come, how they end, and what becomes of clients that do not read or go away.
#include "http/event_stream.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Tells when the server has let go of it.
class Watched : public EventStream {
 public:
  explicit Watched(std::promise<void> gone) : gone_(std::move(gone)) {}
  ~Watched() override { gone_.set_value(); }

 private:
  std::promise<void> gone_;
};

/// Always has more to say.
class Endless : public Watched {
 public:
  using Watched::Watched;
  void more() override {
    while (push(std::string(1000, 'x'))) {
    }
  }
};

/// Gives one stream to each request, and keeps hold of it only weakly.
template <class Stream>
struct Streams {
  std::mutex mutex;
  std::condition_variable opened;
  std::vector<std::weak_ptr<Stream>> all;
  std::vector<std::future<void>> gone;

  Handler handler() {
    return [this](std::shared_ptr<Request>, Reply reply) {
      std::promise<void> promise;
      const std::lock_guard lock(mutex);
      gone.push_back(promise.get_future());
      auto stream = std::make_shared<Stream>(std::move(promise));
      all.push_back(stream);
      opened.notify_all();
      Response response;
      response.headers.add("Content-Type", "text/event-stream");
      response.stream = std::move(stream);
      reply(std::move(response));
    };
  }
  std::shared_ptr<Stream> at(std::size_t index) {
    std::unique_lock lock(mutex);
    opened.wait(lock, [&] { return all.size() > index; });
    return all[index].lock();
  }
  bool is_gone(std::size_t index) { return gone.at(index).wait_for(seconds(10)) == std::future_status::ready; }
};

}  // namespace

TEST_CASE("what is pushed comes in order, and the end of the stream is the end of the body", "[stream]") {
  Streams<Watched> streams;
  TestListener server({}, streams.handler());
  RawClient client(server.port());
  REQUIRE(client.send(get("/")));
  const auto head = client.receive();
  REQUIRE(head);
  CHECK(head->headers.at("transfer-encoding") == "chunked");
  CHECK(head->headers.count("content-length") == 0);
  CHECK(head->headers.at("connection") == "close");
  std::string sent;
  for (int i = 0; i < 100; ++i) {
    const std::string text = "data: " + std::to_string(i) + "\n\n";
    CHECK(streams.at(0)->push(text));
    sent += text;
  }
  streams.at(0)->finish();
  std::string got;
  for (auto chunk = client.chunk(); !chunk.value().empty(); chunk = client.chunk()) got += *chunk;
  CHECK(got == sent);
  CHECK(client.closed());
  CHECK(streams.is_gone(0));
}

TEST_CASE("to an HTTP/1.0 client a stream is all that comes until the connection ends", "[stream]") {
  Streams<Watched> streams;
  TestListener server({}, streams.handler());
  RawClient client(server.port());
  REQUIRE(client.send("GET / HTTP/1.0\r\n\r\n"));
  const auto head = client.receive();
  REQUIRE(head);
  CHECK(head->headers.count("transfer-encoding") == 0);
  CHECK(streams.at(0)->push("data: 1\n\n"));
  streams.at(0)->finish();
  CHECK(client.rest() == "data: 1\n\n");
}

TEST_CASE("HEAD of a stream is its head alone", "[stream]") {
  Streams<Watched> streams;
  TestListener server({}, streams.handler());
  RawClient client(server.port());
  REQUIRE(client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(client.receive(true)->status == 200);
  CHECK(client.closed());
  CHECK(streams.is_gone(0));
}

TEST_CASE("a stream that has nothing to say still gives signs of life", "[stream]") {
  Streams<Watched> streams;
  HttpOptions options;
  options.heartbeat = milliseconds(10);
  TestListener server(options, streams.handler());
  RawClient client(server.port());
  REQUIRE(client.send(get("/")));
  REQUIRE(client.receive());
  for (int i = 0; i < 3; ++i) CHECK(client.chunk() == ": \n\n");
  CHECK(streams.at(0)->push("data: 1\n\n"));
  std::string got;
  while (got != "data: 1\n\n") got = client.chunk().value();
}

TEST_CASE("a stream is let go when its client goes", "[stream]") {
  Streams<Watched> streams;
  TestListener server({}, streams.handler());
  {
    RawClient client(server.port());
    REQUIRE(client.send(get("/")));
    REQUIRE(client.receive());
  }
  CHECK(streams.is_gone(0));
}

TEST_CASE("a client that sends its next request does not listen any more", "[stream]") {
  Streams<Watched> streams;
  TestListener server({}, streams.handler());
  for (const bool at_once : {true, false}) {
    RawClient client(server.port());
    REQUIRE(client.send(at_once ? get("/") + get("/") : get("/")));
    REQUIRE(client.receive());
    if (!at_once) REQUIRE(client.send(get("/")));
    CHECK(client.chunk() == "");
    CHECK(client.closed());
  }
}

TEST_CASE("a client that does not read is dropped, and the others are not", "[stream]") {
  Streams<Endless> flood;
  Streams<Watched> quiet;
  HttpOptions options;
  options.write_timeout = milliseconds(200);
  TestListener server(options, [endless = flood.handler(), calm = quiet.handler()](auto request, Reply reply) {
    (request->path == "/flood" ? endless : calm)(request, std::move(reply));
  });
  RawClient reader(server.port());
  REQUIRE(reader.send(get("/")));
  REQUIRE(reader.receive());
  RawClient sleeper(server.port());
  REQUIRE(sleeper.send(get("/flood")));
  (void)flood.at(0);
  CHECK(flood.is_gone(0));
  CHECK(quiet.at(0)->push("data: 1\n\n"));
  CHECK(reader.chunk() == "data: 1\n\n");
}

TEST_CASE("a drain ends streams at once", "[stream]") {
  Streams<Watched> streams;
  TestListener server({}, streams.handler());
  auto client = std::make_unique<RawClient>(server.port());
  REQUIRE(client->send(get("/")));
  REQUIRE(client->receive());
  CHECK(streams.at(0)->push("data: 1\n\n"));
  CHECK(client->chunk() == "data: 1\n\n");
  auto done = server.drain(seconds(60));
  CHECK(client->chunk() == "");
  CHECK(client->closed());
  client.reset();
  CHECK(done.wait_for(seconds(10)) == std::future_status::ready);
}
