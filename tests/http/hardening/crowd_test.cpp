// A thousand idle connections and all kinds of abuse, beside one client that behaves.
#include <memory>
#include <vector>

#include "http/hardening/exchange.hpp"
#include "http/raw_client.hpp"
#include "http/test_app.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

/// What each abuser sends before it goes silent, or away.
const std::vector<std::string> kAbuse{
    "GET /livez HT",
    "POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{",
    "POST /api/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    get("/livez", "X: " + std::string(30'000, 'a') + "\r\n"),
    std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
    get("/api/tasks", "Authorization: Bearer a.b.c\r\n"),
    times(200, get("/livez")),
};

}  // namespace

TEST_CASE("beside a crowd and its abuse a client that behaves gets every answer", "[hardening]") {
  TestApp app;
  TestListener server({}, app.handler());
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 1'000; ++i) idle.push_back(std::make_unique<RawClient>(server.port()));

  RawClient good(server.port());
  const std::string request = get("/api/tasks", "Authorization: Bearer " + app.token("alice") + "\r\n");
  std::vector<std::unique_ptr<RawClient>> abusers;
  for (std::size_t i = 0; i < 400; ++i) {
    abusers.push_back(std::make_unique<RawClient>(server.port()));
    abusers.back()->send(kAbuse[i % kAbuse.size()]);
    if (i % 3 == 0) {
      abusers.back()->reset();
      abusers.pop_back();
    }
    REQUIRE(good.send(request));
    const auto answer = good.receive();
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
  }
  for (const std::size_t each : {std::size_t{0}, std::size_t{500}, std::size_t{999}}) {
    REQUIRE(idle[each]->send(request));
    CHECK(idle[each]->receive()->status == 200);
  }
}
