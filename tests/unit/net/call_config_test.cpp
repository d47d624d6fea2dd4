#include "net/call_config.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

using namespace taskcore;
using namespace taskcore::net;

namespace {

std::string pointers(const char* text, CallKind kind = CallKind::api_call) {
  const auto read = read_call_config(boost::json::parse(text).as_object(), kind, true);
  std::string out;
  if (read) return out;
  for (const FieldError& field : read.error().fields) out += (out.empty() ? "" : " ") + field.pointer.substr(8);
  return out;
}

}  // namespace

TEST_CASE("a call's configuration is checked field by field", "[net]") {
  CHECK(pointers(R"({"url": "http://x/"})") == "");
  CHECK(pointers("{}") == "url");
  CHECK(
      pointers(R"({"url": 7, "method": "BREW", "headers": [], "timeout": 0, "expectStatus": 99, "tls": 1, "x": 1})") ==
      "x method url headers timeout expectStatus tls");
  CHECK(pointers(R"({"url": "http://x/", "headers": {"a b": "c", "Host": "y", "A": "b\r\nC: d", "E": []}})") ==
        "headers/a b headers/Host headers/A headers/E");
  CHECK(pointers(R"({"url": "http://x/", "headers": {"A": 1, "B": true, "C": 1.5}})").empty());
  CHECK(pointers(R"({"url": "http://x/", "auth": {}})") == "auth");
  CHECK(pointers(R"({"url": "http://x/", "auth": {"bearer": "a", "basic": {}}})") == "auth");
  CHECK(pointers(R"({"url": "http://x/", "auth": {"bearer": "a\nb"}})") == "auth");
  CHECK(pointers(R"({"url": "http://x/", "auth": {"basic": {"username": "a:b", "password": "c"}}})") ==
        "auth/basic/username");
  CHECK(pointers(R"({"url": "http://x/", "expectStatus": [], "followRedirects": 11})") ==
        "followRedirects expectStatus");
  CHECK(pointers(R"({"url": "http://x/", "expectStatus": [200, "3xx", "6xx", 600]})") ==
        "expectStatus/2 expectStatus/3");
  CHECK(pointers(R"({"url": "http://x/", "tls": {"verify": 1, "ca": "none", "key": ""}})") ==
        "tls/verify tls/ca tls/key");
  CHECK(pointers(R"({"url": "http://x/", "secret": "whsec_x"})") == "secret");
  CHECK(pointers(R"({"url": "http://x/", "secret": "whsec_x"})", CallKind::webhook) == "secret");
  CHECK(pointers(R"({"url": "http://x/", "secret": []})", CallKind::webhook) == "secret");
}

TEST_CASE("what a secret will fill in is not looked into", "[net]") {
  CHECK(
      pointers(
          R"({"url": "https://${secret.HOST}/", "headers": {"X": "${secret.A}"}, "auth": {"bearer": "${secret.B}"}})") ==
      "");
  CHECK(pointers(R"({"url": "https://x/", "secret": ["${secret.A}"]})", CallKind::webhook) == "");
}
