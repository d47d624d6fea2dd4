// What a body may hold, and what a path may not pretend to be: the whole interface behind a real listener.
#include "http/hardening/exchange.hpp"
#include "http/raw_client.hpp"
#include "http/test_app.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using namespace std::string_literals;

namespace {

class Server {
 public:
  std::uint16_t port() const { return listener_.port(); }

  std::string post(const std::string& body, const std::string& fields = "Content-Type: application/json\r\n") {
    return "POST /api/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token_ + "\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  TestApp app_{};
  std::string token_ = app_.token("alice");
  TestListener listener_{{}, app_.handler()};
};

const std::string kTask = R"({"name":"T"})";

}  // namespace

TEST_CASE("bombs and near misses of JSON are refused", "[hardening]") {
  Server server;
  const auto json = [&](const std::string& what, const std::string& body, const std::string& expected = "400") {
    return Exchange{what, server.post(body), expected};
  };
  expect_all(server.port(),
             {json("too deep", times(33, "[") + times(33, "]")),
              json("a hundred thousand deep", times(100'000, "[")),
              json("a hundred thousand objects deep", times(100'000, R"({"a":)")),
              json("a number beyond all", R"({"name":"T","timeout":1e400})"),
              json("a number beyond all below zero", R"({"name":"T","timeout":-1e999999999})"),
              json("a number of a hundred thousand digits", R"({"name":"T","timeout":)" + times(100'000, "9") + "}"),
              json("a large number", R"({"name":"T","timeout":1e308})", "422"),
              json("a leading zero", R"({"name":"T","timeout":01})"),
              json("a plus", R"({"name":"T","timeout":+1})"),
              json("a hexadecimal number", R"({"name":"T","timeout":0x1})"),
              json("NaN", R"({"name":"T","timeout":NaN})"),
              json("Infinity", R"({"name":"T","timeout":-Infinity})"),
              json("the same name twice", R"({"name":"T","name":"U"})"),
              json("the same name in two spellings", R"({"name":"T","\u006eame":"U"})"),
              json("the same name twice further in", R"({"name":"T","config":{"a":1,"a":2}})"),
              json("half a surrogate pair", R"({"name":"\ud800"})"),
              json("the other half", R"({"name":"\udc00"})"),
              json("two first halves", R"({"name":"\ud800\ud800"})"),
              json("a surrogate as it is", "{\"name\":\"\xed\xa0\x80\"}"),
              json("an overlong slash", "{\"name\":\"\xc0\xaf\"}"),
              json("a byte that is no UTF-8", "{\"name\":\"\xff\"}"),
              json("beyond Unicode", "{\"name\":\"\xf4\x90\x80\x80\"}"),
              json("UTF-16", "{\0\"\0n\0\"\0:\0"s),
              json("a byte order mark", "\xEF\xBB\xBF" + kTask),
              json("a zero byte behind it", kTask + "\0"s),
              json("a zero byte in a string", "{\"name\":\"a\0b\"}"s),
              json("a line feed in a string", "{\"name\":\"a\nb\"}"),
              json("an unknown escape", R"({"name":"\x41"})"),
              json("text behind it", kTask + "x"),
              json("two of them", kTask + kTask),
              json("a comma too many", R"({"name":"T",})"),
              json("a comment", R"({"name":"T"/*x*/})"),
              json("single quotes", "{'name':'T'}"),
              json("a name without quotes", "{name:1}"),
              json("no end", R"({"name":"T")"),
              json("no end of a string", R"({"name":"T)"),
              json("blanks alone", " \r\n\t"),
              json("nothing", ""),
              json("null", "null", "422"),
              json("an array", "[]", "422"),
              json("a string", "\"T\"", "422"),
              json("a name of 100 KiB", "{\"" + times(102'400, "n") + "\":1}", "422"),
              json("a member of all objects", R"({"name":"T","__proto__":{"role":"admin"}})", "422"),
              json("a good one", kTask, "201")},
             kAlive);
}

TEST_CASE("a body that is not plain JSON by its head is 415", "[hardening]") {
  Server server;
  const auto typed = [&](const std::string& fields, const std::string& expected = "415") {
    return Exchange{fields, server.post(kTask, fields), expected};
  };
  const std::string json = "Content-Type: application/json\r\n";
  expect_all(server.port(),
             {typed(""),
              typed("Content-Type: \r\n"),
              typed("Content-Type: text/plain\r\n"),
              typed("Content-Type: text/json\r\n"),
              typed("Content-Type: application/x-www-form-urlencoded\r\n"),
              typed("Content-Type: multipart/form-data; boundary=x\r\n"),
              typed("Content-Type: application/jsonx\r\n"),
              typed("Content-Type: application/json-seq\r\n"),
              typed("Content-Type: application/json, text/plain\r\n"),
              typed("Content-Type: application/json; charset=utf-16\r\n"),
              typed("Content-Type: application/json; charset=iso-8859-1\r\n"),
              typed(json + json),
              typed(json + "Content-Encoding: gzip\r\n"),
              typed(json + "Content-Encoding: deflate\r\n"),
              typed(json + "Content-Encoding: identity, gzip\r\n"),
              typed(json + "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"),
              typed(json + "Content-Encoding: identity\r\n", "201"),
              typed("Content-Type: application/json; charset=\"UTF-8\"\r\n", "201"),
              typed("CONTENT-TYPE: Application/JSON;charset=utf-8\r\n", "201"),
              typed("Content-Type: application/merge-patch+json\r\n", "201")},
             kAlive);
}

TEST_CASE("no spelling of a path leads past the token, or to another place", "[hardening]") {
  Server server;
  const auto path = [](const std::string& text, const std::string& expected) {
    return Exchange{text, get(text), expected};
  };
  expect_all(server.port(),
             {path("/../livez", "404"),
              path("/./livez", "404"),
              path("/%2e%2e/livez", "404"),
              path("//livez", "404"),
              path("/livez/", "404"),
              path("/livez%2f", "404"),
              path("/livez;a=b", "404"),
              path("/livez%3b", "404"),
              path("/\\livez", "404"),
              path("/LIVEZ", "404"),
              path("/livez%20", "404"),
              path("/%6civez", "200"),
              path("/../../etc/passwd", "404"),
              path("/api", "401"),
              path("/api/", "401"),
              path("/api/../livez", "401"),
              path("/api/tasks/..%2f..%2flivez", "401"),
              path("/%61pi/tasks", "401"),
              path("/livez/../api/tasks", "404"),
              path("//api/tasks", "404"),
              path("/api%2ftasks", "404"),
              path("/API/tasks", "404"),
              path("/;/api/tasks", "404")},
             kAlive);
}

TEST_CASE("an unknown method is 405, whatever its name", "[hardening]") {
  Server server;
  for (const std::string& method : {"TRACE"s, "TRACK"s, "CONNECT"s, "PROPFIND"s, "get"s, "Get"s, "GETS"s, "POST"s, "*"s,
                                    std::string(10'240, 'M')}) {
    expect(server.port(), {method.substr(0, 20), method + " /livez HTTP/1.1\r\nHost: x\r\n\r\n", "405"}, kAlive);
  }
}

TEST_CASE("what is said of the client's address and way is not believed", "[hardening]") {
  Server server;
  for (const std::string& name :
       std::vector<std::string>{"X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "X-User", "X-Role"}) {
    expect(server.port(), {name, get("/api/tasks", name + ": /livez\r\n"), "401"}, kAlive);
  }
}
