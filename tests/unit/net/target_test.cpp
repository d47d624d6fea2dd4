#include "net/target.hpp"

#include "support/catch.hpp"

using namespace taskcore::net;

TEST_CASE("a URL is read into where a call goes", "[net]") {
  const Target target = parse_target("HTTPS://Example.COM/a/b?c=d#e").value();
  CHECK(target.tls);
  CHECK(target.host == "example.com");
  CHECK(target.port == 443);
  CHECK(target.path == "/a/b?c=d");
  CHECK(target.authority() == "example.com");
  CHECK(parse_target("http://example.com")->path == "/");
  CHECK(parse_target("http://example.com?q")->path == "/?q");
  CHECK(parse_target("http://example.com:8080/")->authority() == "example.com:8080");
  CHECK(parse_target("http://example.com:/")->port == 80);
  CHECK(parse_target("http://[2001:DB8::1]:8080/")->host == "2001:db8::1");
  CHECK(parse_target("http://[::1]/")->authority() == "[::1]");
}

TEST_CASE("what is no URL of a call is refused", "[net]") {
  for (const char* bad : {"",
                          "example.com",
                          "/path",
                          "ftp://example.com/",
                          "file:///etc/passwd",
                          "http://",
                          "http:///path",
                          "http:example.com",
                          "http://user@example.com/",
                          "http://user:password@example.com/",
                          "http://example.com:0/",
                          "http://example.com:65536/",
                          "http://example.com:http/",
                          "http://exa mple.com/",
                          "http://example.com/a b",
                          "http://[::1",
                          "http://[zz]/",
                          "http://a\r\nb/",
                          "http://ex%61mple.com/",
                          "http://a%00b/",
                          "http://a%0d%0ab/",
                          "http://a%2fb/",
                          "http://a%40b/",
                          "gopher://127.0.0.1:6379/_x",
                          "javascript:alert(1)"}) {
    INFO(bad);
    CHECK(parse_target(bad).has_error());
  }
  CHECK(parse_target("http://example.com/" + std::string(9000, 'x')).has_error());
}

TEST_CASE("a Location leads from where it was found", "[net]") {
  const Target base = parse_target("https://example.com:8443/a/b?c").value();
  const auto to = [&](const char* location) {
    const Target target = follow(base, location).value();
    return target.origin() + target.path;
  };
  CHECK(to("/x") == "https://example.com:8443/x");
  CHECK(to("x?y") == "https://example.com:8443/a/x?y");
  CHECK(to("../../x") == "https://example.com:8443/x");
  CHECK(to("?z") == "https://example.com:8443/a/b?z");
  CHECK(to("") == "https://example.com:8443/a/b?c");
  CHECK(to("#f") == "https://example.com:8443/a/b?c");
  CHECK(to("./x/../y/.") == "https://example.com:8443/a/y/");
  CHECK(to("/x//y/..") == "https://example.com:8443/x//");
  CHECK(to("//other.example/x") == "https://other.example/x");
  CHECK(to("http://other.example") == "http://other.example/");
  for (const char* bad : {"ftp://x/", "http://", "http://u:p@x/", "\\\\host", "http://[::1"}) {
    INFO(bad);
    CHECK(follow(base, bad).has_error());
  }
}
