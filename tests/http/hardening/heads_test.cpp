// Request lines and header fields that are not what RFC 9112 asks for.
#include "http/hardening/exchange.hpp"
#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using namespace std::string_literals;

namespace {

Exchange line(const std::string& text, const std::string& expected = "400 end") {
  return {"the line " + text.substr(0, 80), text + "\r\nHost: x\r\n\r\n", expected};
}

Exchange field(const std::string& what, const std::string& text, const std::string& expected = "400 end") {
  return {what, get("/livez", text + "\r\n"), expected};
}

Exchange host(const std::string& value, const std::string& expected = "400 end") {
  return {"the host " + value, "GET /livez HTTP/1.1\r\nHost:" + value + "\r\n\r\n", expected};
}

Exchange target(const std::string& text, const std::string& expected = "400 end") {
  return line("GET " + text + " HTTP/1.1", expected);
}

}  // namespace

TEST_CASE("a request line is one method, one target and one version", "[hardening]") {
  TestListener server;
  expect_all(server.port(),
             {line("GET /"),
              line("GET"),
              line("GET / "),
              line("GET  / HTTP/1.1"),
              line("GET /  HTTP/1.1"),
              line("GET / HTTP/1.1 "),
              line(" GET / HTTP/1.1"),
              line("GET\t/ HTTP/1.1"),
              line("GET /\tHTTP/1.1"),
              line("GET /a b HTTP/1.1"),
              line("G\x01T / HTTP/1.1"),
              line("G@T / HTTP/1.1"),
              line("G\0T / HTTP/1.1"s),
              line("GET / http/1.1"),
              line("GET / HTTP/1.10"),
              line("GET / HTTP/1"),
              line("GET / HTTP/1,1"),
              line("GET / HTTP/ 1.1"),
              line("GET / HTTP/+1.1"),
              line("GET / HTTP/0.9"),
              line("GET / HTTP/1.2"),
              line("GET / HTTP/2.0"),
              line("GET / HTTPS/1.1"),
              line("GET / HTTP/1.1\r"),
              line("CONNECT example.org:443 HTTP/1.1"),
              line(std::string(17'000, 'G') + " / HTTP/1.1", "431 end"),
              {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", "400 end"}},
             kEchoed);
}

TEST_CASE("another protocol than HTTP/1 is told so, and hung up on", "[hardening]") {
  TestListener server;
  expect_all(server.port(),
             {{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 end"},
              {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, "400 end"},
              {"SSH", "SSH-2.0-OpenSSH_9.2\r\n", "400 end"},
              {"SMTP", "EHLO example.org\r\n", "400 end"},
              {"Redis", "*1\r\n$4\r\nPING\r\n", "400 end"},
              {"a proxy's greeting", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + get("/livez"), "400 end"},
              {"zero bytes", std::string(100, '\0'), "400 end"},
              {"an upgrade to HTTP/2", get("/livez", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"), "200"},
              {"a web socket", get("/livez", "Connection: Upgrade\r\nUpgrade: websocket\r\n"), "200"}},
             kEchoed);
}

TEST_CASE("a header field is a name, a colon and a value in one line", "[hardening]") {
  TestListener server;
  expect_all(server.port(),
             {field("a blank before the colon", "X : a"),
              field("a tab before the colon", "X\t: a"),
              field("no name", ": a"),
              field("no colon", "nonsense"),
              field("a blank in the name", "X Y: a"),
              field("a blank before the name", " X: a"),
              field("a zero byte in the name", "X\0Y: a"s),
              field("a letter beyond ASCII in the name", "X\xc3\xbc: a"),
              field("a zero byte in the value", "X: a\0b"s),
              field("an escape in the value", "X: a\x1b[2J"),
              field("a delete in the value", "X: a\x7f"),
              field("a bare line feed", "X: a\nY: b"),
              field("a bare carriage return", "X: a\rY: b"),
              field("two carriage returns", "X: a\r"),
              field("a value in two lines", "X: a\r\n b"),
              field("a value in two lines by a tab", "X: a\r\n\tb"),
              field("a value in the second line", "X:\r\n a"),
              field("an empty second line", "X: a\r\n "),
              field("a second line as the first field", "X: a\r\n Content-Length: 5"),
              field("a tab in the value", "X: a\tb", "200"),
              field("bytes beyond ASCII in the value", "X: \xc3\xbc\xff", "200"),
              field("a connection of nothing sensible", "Connection: ;;"),
              field("an unknown expectation", "Expect: the-worst", "417 end"),
              field("two expectations", "Expect: 100-continue, more", "417 end"),
              field("a value of 20 KiB", "X: " + std::string(20'480, 'a'), "431 end"),
              field("a name of 20 KiB", std::string(20'480, 'x') + ": a", "431 end"),
              field("ten thousand fields", times(9'999, "A: b\r\n") + "A: b", "431 end"),
              field("a thousand fields", times(999, "A: b\r\n") + "A: b", "200"),
              {"a field before the line", "X: a\r\n" + get("/livez"), "400 end"}},
             kEchoed);
}

TEST_CASE("the limit of a head holds however it is cut", "[hardening]") {
  TestListener server;
  RawClient client(server.port());
  REQUIRE(client.send("GET /livez HTTP/1.1\r\n"));
  std::size_t sent = 0;
  while (client.quiet(std::chrono::milliseconds(0)) && sent < 1'000'000) {
    client.send("A: b\r\n");
    ++sent;
  }
  CHECK(client.receive()->status == 431);
}

TEST_CASE("there is exactly one host, and it is one", "[hardening]") {
  TestListener server;
  expect_all(server.port(),
             {host(" a\r\nHost: a"),
              host(""),
              host(" a b"),
              host(" a/b"),
              host(" user@a"),
              host(" a, b"),
              host(" a:80:80"),
              host(" a:x"),
              host(" :80"),
              host(" [::1"),
              host(" [hello]"),
              host(" []"),
              host(" a\\b"),
              host(" a?b"),
              host(" x:80", "200"),
              host(" [::1]:80", "200"),
              host(" my_host.example.", "200"),
              {"no host", "GET /livez HTTP/1.1\r\n\r\n", "400 end"},
              {"no host in HTTP/1.0", "GET /livez HTTP/1.0\r\n\r\n", "200 end"}},
             kEchoed);
}

TEST_CASE("a target is a clean path, or the same behind a host", "[hardening]") {
  TestListener server;
  expect_all(server.port(),
             {target("livez"),
              target("?x"),
              target("*"),
              target("x:80"),
              target("http://"),
              target("http:///a"),
              target("http://user@x/"),
              target("http://x y/"),
              target("http://x?y"),
              target("ftp://x/"),
              target("/a#b"),
              target("/%"),
              target("/%4"),
              target("/%zz"),
              target("/%u0041"),
              target("/%00"),
              target("/%0d%0aSet-Cookie:a"),
              target("/%7f"),
              target("/%c0%af"),
              target("/%ed%a0%80"),
              target("/%ff"),
              target("/\xff"),
              target("/\xc0\xaf"),
              target("/\x01"),
              target("/a\0b"s),
              target("/a?b=%00"),
              target("/a?=b"),
              target("/" + std::string(9'000, 'a'), "414 end"),
              target("/" + std::string(20'480, 'a'), "431 end"),
              target("http://x:80/livez", "200"),
              target("/\xc3\xbc", "200"),
              line("OPTIONS * HTTP/1.1", "200")},
             kEchoed);
}
