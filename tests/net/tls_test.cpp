// Calls over TLS: whom they trust, and what they do not let pass.
#include "net/call_world.hpp"

using namespace net_test;
using taskcore::Run;
using taskcore::Status;

namespace {

TestServer::Script answering() {
  return [](Peer& peer) {
    while (!peer.read().method.empty()) peer.answer(200, "safe");
  };
}

json::object trusting(const TestCa& ca, const std::string& url) { return {{"url", url}, {"tls", {{"ca", ca.pem()}}}}; }

}  // namespace

TEST_CASE("a server is trusted by the CA that the call names, and by no other") {
  CallWorld world;
  const TestCa ca;
  const TestCa other;
  const TestServer server(answering(), ca.server_context("DNS:localhost"));
  const Run run = world.call(trusting(ca, server.url()));
  REQUIRE(run.status == Status::completed);
  CHECK(run.result.at("body") == "safe");
  for (int i = 0; i < 3; ++i) world.call(trusting(ca, server.url()));
  CHECK(server.connections() == 1);

  const Run stranger = world.call(trusting(other, server.url()));
  CHECK(CallWorld::code(stranger) == "tls");
  CHECK_FALSE(stranger.error->retryable);
  CHECK(CallWorld::code(world.get(server.url())) == "tls");
  CHECK(world.call({{"url", server.url()}, {"tls", {{"verify", false}}}}).status == Status::completed);
  CHECK(CallWorld::code(world.get(server.url())) == "tls");  // what rests was made without a check, and is not for all
}

TEST_CASE("a certificate must be of the host that was called, and good today") {
  CallWorld world;
  const TestCa ca;
  const TestServer elsewhere(answering(), ca.server_context("DNS:example.com"));
  CHECK(CallWorld::code(world.call(trusting(ca, elsewhere.url()))) == "tls");
  const TestServer expired(answering(), ca.server_context("DNS:localhost", -1));
  CHECK(CallWorld::code(world.call(trusting(ca, expired.url()))) == "tls");
  const TestServer by_address(answering(), ca.server_context("IP:127.0.0.1"));
  const std::string url = "https://127.0.0.1:" + std::to_string(by_address.port()) + "/";
  CHECK(world.call(trusting(ca, url)).status == Status::completed);
  CHECK(CallWorld::code(world.call(trusting(ca, by_address.url()))) == "tls");
}

TEST_CASE("an answer over TLS that ends without a word may have been cut") {
  CallWorld world;
  const TestCa ca;
  const TestServer server(
      [](Peer& peer) {
        peer.read();
        peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall, or not");
      },
      ca.server_context("DNS:localhost"));
  CHECK(CallWorld::code(world.call(trusting(ca, server.url()))) == "truncated");
}

TEST_CASE("a port that speaks no TLS, and TLS where none is expected, fail") {
  CallWorld world;
  const TestCa ca;
  const TestServer plain([](Peer& peer) { peer.answer(200, ""); });
  const Run run = world.call({{"url", "https://localhost:" + std::to_string(plain.port()) + "/"}, {"timeout", 10000}});
  CHECK(CallWorld::code(run) == "tls");
  const TestServer tls(answering(), ca.server_context("DNS:localhost"));
  const Run other = world.get("http://localhost:" + std::to_string(tls.port()) + "/");
  CHECK(other.status == Status::failed);
}
