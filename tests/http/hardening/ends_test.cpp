// Clients that are slow, that leave in the middle, or that ask for much at once.
#include "http/hardening/exchange.hpp"
#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using std::chrono::milliseconds;

namespace {

std::string post(const std::string& fields, const std::string& rest) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + rest;
}

const std::string kChunked = "Transfer-Encoding: chunked\r\n";

}  // namespace

TEST_CASE("who stops in the middle is told 408, and who says nothing is hung up on", "[hardening]") {
  HttpOptions options;
  options.head_timeout = options.idle_timeout = milliseconds(60);
  options.request_timeout = milliseconds(120);
  TestListener server(options);
  expect_all(
      server.port(),
      {{"nothing", "", "end"},
       {"blank lines", "\r\n\r\n\r\n", "end"},
       {"half a line", "GET /liv", "408 end"},
       {"half a field", "GET /livez HTTP/1.1\r\nHost: x\r\nX: ", "408 end"},
       {"all but the end of the head", "GET /livez HTTP/1.1\r\nHost: x\r\n", "408 end"},
       {"half a body", post("Content-Length: 10\r\n", "abc"), "408 end"},
       {"half a chunk", post(kChunked, "5\r\nab"), "408 end"},
       {"half the size of a chunk", post(kChunked, "5"), "408 end"},
       {"no last chunk", post(kChunked, "5\r\nhello\r\n"), "408 end"},
       {"half the last chunk", post(kChunked, "0\r\n"), "408 end"},
       {"trailers without an end", post(kChunked, "0\r\nX: y\r\n"), "408 end"},
       {"no body behind the go-ahead", post("Expect: 100-continue\r\nContent-Length: 3\r\n", ""), "100 408 end"}},
      kEchoed);
}

TEST_CASE("who ends their side gets what they asked for whole, and nothing for half of it", "[hardening]") {
  TestListener server;
  expect_all(server.port(),
             {{"nothing", "", "half end"},
              {"a request", get("/livez"), "half 200 end"},
              {"two requests", get("/livez") + get("/livez"), "half 200 200 end"},
              {"half a head", "GET /livez HTTP/1.1\r\nHost", "half end"},
              {"half a body", post("Content-Length: 10\r\n", "abc"), "half end"},
              {"half a chunk", post(kChunked, "5\r\nab"), "half end"},
              {"a request and a half", get("/livez") + "GET /l", "half 200 end"}},
             kEchoed);
}

TEST_CASE("connections that are reset at any point do no harm", "[hardening]") {
  TestListener server;
  const std::string whole = post(kChunked, "5\r\nhello\r\n0\r\n\r\n");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    RawClient client(server.port());
    client.send(whole.substr(0, size));
    client.reset();
  }
  expect(server.port(), {"a request after that", get("/livez"), "200"}, kEchoed);
}

TEST_CASE("a thousand requests at once are answered one by one", "[hardening]") {
  TestListener server;
  expect(server.port(), {"requests", times(1'000, get("/livez")), times(1'000, "200 ")}, kEchoed);
  expect(server.port(),
         {"and one more that is bad", times(1'000, get("/livez")) + "bad\r\n\r\n", times(1'000, "200 ") + "400 end"},
         kEchoed);
}

TEST_CASE("a body that is too large is refused before it is read", "[hardening]") {
  HttpOptions options;
  options.limits.body = 1'000;
  TestListener server(options);
  expect_all(
      server.port(),
      {{"by its length", post("Content-Length: 1001\r\n", ""), "413 end"},
       {"by its length, before a go-ahead", post("Expect: 100-continue\r\nContent-Length: 1001\r\n", ""), "413 end"},
       {"by its first chunk", post(kChunked, "3e9\r\n"), "413 end"},
       {"by all its chunks", post(kChunked, times(1'001, "1\r\nx\r\n")), "413 end"}},
      kEchoed);
}
