// Behind proxies, and without them: whose requests are counted together, and how many connections one address may have.
#include "http/trusted_proxies.hpp"

#include "http/raw_client.hpp"
#include "http/taskd_process.hpp"
#include "http/test_listener.hpp"
#include "middleware/client_address.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

std::shared_ptr<const TrustedProxies> trusted(const std::vector<std::string>& items) {
  return std::make_shared<const TrustedProxies>(TrustedProxies::parse(items).value());
}

void tell_address(std::shared_ptr<Request> request, Reply reply) {
  Response response;
  response.body = request->remote_address;
  reply(std::move(response));
}

std::string forwarded(std::string_view value) { return get("/", "X-Forwarded-For: " + std::string(value) + "\r\n"); }

/// The last response's status of `count` requests for what needs a token.
int last_status(std::uint16_t port, int count, std::string_view address) {
  RawClient client(port);
  int status = 0;
  for (int i = 0; i < count; ++i) {
    REQUIRE(client.send(get("/api/tasks", "X-Forwarded-For: " + std::string(address) + "\r\n")));
    status = client.receive()->status;
  }
  return status;
}

std::uint16_t port_of(TaskdProcess& taskd) {
  const std::string url = taskd.url();
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

}  // namespace

TEST_CASE("the header of a trusted proxy names the client, anyone else's is not heard", "[proxies]") {
  TestListener behind({}, with_client_address(tell_address, trusted({"127.0.0.0/8", "10.0.0.0/8"})));
  RawClient client(behind.port());
  REQUIRE(client.send(forwarded("6.6.6.6, 203.0.113.9, 10.1.2.3") + get("/")));
  CHECK(client.receive()->body == "203.0.113.9");
  CHECK(client.receive()->body == "127.0.0.1");

  TestListener open({}, with_client_address(tell_address, trusted({"10.0.0.0/8"})));
  RawClient forger(open.port());
  REQUIRE(forger.send(forwarded("203.0.113.9")));
  CHECK(forger.receive()->body == "127.0.0.1");
}

TEST_CASE("clients behind a trusted proxy have limits of their own, and forged addresses help nobody", "[proxies]") {
  TempDir dir;
  TaskdProcess behind(dir.path() / "a", {{"TASK_RATE_LIMIT", "3"}, {"TASK_TRUSTED_PROXIES", "127.0.0.1"}});
  const std::uint16_t port = port_of(behind);
  CHECK(last_status(port, 4, "203.0.113.1") == 429);
  CHECK(last_status(port, 1, "203.0.113.2") == 401);
  CHECK(last_status(port, 1, "198.51.100.7, 203.0.113.1") == 429);
  behind.read_until(" 203.0.113.2 id=");

  TaskdProcess open(dir.path() / "b", {{"TASK_RATE_LIMIT", "3"}});
  CHECK(last_status(port_of(open), 4, "203.0.113.1") == 429);
  CHECK(last_status(port_of(open), 1, "203.0.113.2") == 429);
}

TEST_CASE("one address may have so many connections, a trusted proxy any number", "[proxies]") {
  HttpOptions options;
  options.max_connections_per_address = 2;
  options.linger_timeout = std::chrono::seconds(60);  // who was turned away stays, and counts, until the client goes
  TestListener server(options);
  {
    std::vector<std::unique_ptr<RawClient>> open;
    for (int i = 0; i < 2; ++i) {
      open.push_back(std::make_unique<RawClient>(server.port()));
      REQUIRE(open.back()->send(get("/")));
      CHECK(open.back()->receive()->status == 200);
    }
    RawClient extra(server.port());
    const auto response = extra.receive();
    REQUIRE(response);
    CHECK(response->status == 503);
    CHECK(response->body.find("from this address") != std::string::npos);
    // Those that are told are few; what comes on top is closed.
    std::vector<std::unique_ptr<RawClient>> more;
    bool closed = false;
    for (int i = 0; i < 8 && !closed; ++i) {
      more.push_back(std::make_unique<RawClient>(server.port()));
      closed = !more.back()->receive().has_value();
    }
    CHECK(closed);
  }
  int status = 503;
  while (status == 503) {
    RawClient again(server.port());
    again.send(get("/"));
    const auto response = again.receive();
    status = response ? response->status : 503;
  }
  CHECK(status == 200);

  options.trusted_proxies = trusted({"127.0.0.1"});
  TestListener behind(options);
  std::vector<std::unique_ptr<RawClient>> open;
  for (int i = 0; i < 10; ++i) {
    open.push_back(std::make_unique<RawClient>(behind.port()));
    REQUIRE(open.back()->send(get("/")));
    CHECK(open.back()->receive()->status == 200);
  }
}
