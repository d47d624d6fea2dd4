// Where a body ends: every way to leave that open to two readings is refused.
#include "http/hardening/exchange.hpp"
#include "http/raw_client.hpp"
#include "http/test_listener.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using namespace std::string_literals;

namespace {

std::string post(const std::string& fields, const std::string& rest = "") {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + rest;
}

Exchange length(const std::string& what, const std::string& value, const std::string& expected) {
  return {"Content-Length: " + what, post("Content-Length:" + value + "\r\n", "abc"), expected};
}

Exchange coding(const std::string& what, const std::string& value) {
  return {"Transfer-Encoding: " + what, post("Transfer-Encoding:" + value + "\r\n", "3\r\nabc\r\n0\r\n\r\n"),
          "400 end"};
}

Exchange chunked(const std::string& what, const std::string& body, const std::string& expected = "400 end") {
  return {"chunks: " + what, post("Transfer-Encoding: chunked\r\n", body), expected};
}

}  // namespace

TEST_CASE("a length that is not one plain number is refused", "[hardening]") {
  TestListener server;
  expect_all(
      server.port(),
      {length("blanks around", " \t3 \t", "200"),
       length("leading zeros", " 003", "200"),
       length("negative", " -3", "400 end"),
       length("plus", " +3", "400 end"),
       length("hexadecimal", " 0x3", "400 end"),
       length("a fraction", " 3.0", "400 end"),
       length("two numbers", " 3 3", "400 end"),
       length("empty", "", "400 end"),
       length("equal numbers in a list", " 3, 3", "400 end"),
       length("different numbers in a list", " 3, 4", "400 end"),
       length("a list that ends in a comma", " 3,", "400 end"),
       length("a parameter", " 3;a", "400 end"),
       length("in the next line", "\r\n 3", "400 end"),
       length("a vertical tab", " \v3", "400 end"),
       length("a zero byte", " 3\0"s, "400 end"),
       length("beyond 64 bits", " 18446744073709551619", "400 end"),
       length("the most of 64 bits", " 18446744073709551615", "413 end"),
       length("a blank before the colon", " 3\r\nContent-Length : 3", "400 end"),
       {"two equal lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), "400 end"},
       {"two lengths", post("Content-Length: 3\r\ncontent-length: 4\r\n", "abcd"), "400 end"},
       {"a request in a body", post("Content-Length: 35\r\n", "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"), "200"},
       {"more than the length", post("Content-Length: 3\r\n", "abcmore\r\n\r\n"), "200 400 end"},
       {"a body of GET", "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "200"}},
      kEchoed);
}

TEST_CASE("a coding that is not exactly chunked, or comes with a length, is refused", "[hardening]") {
  TestListener server;
  const std::string length = "Content-Length: 5\r\n";
  const std::string chunks = "Transfer-Encoding: chunked\r\n";
  expect_all(server.port(),
             {coding("another one", " gzip"),
              coding("one before it", " gzip, chunked"),
              coding("one behind it", " chunked, gzip"),
              coding("twice in a list", " chunked, chunked"),
              coding("twice", " chunked\r\nTransfer-Encoding: chunked"),
              coding("identity", " identity"),
              coding("empty", ""),
              coding("a parameter", " chunked;q=1"),
              coding("quotes", " \"chunked\""),
              coding("a letter more", " xchunked"),
              coding("a vertical tab", " \vchunked"),
              coding("folded", " chun\r\n ked"),
              coding("in the next line", "\r\n chunked"),
              coding("a tab before the colon", " chunked\r\nTransfer-Encoding\t: chunked"),
              {"a length, then a coding", post(length + chunks, "0\r\n\r\n"), "400 end"},
              {"a coding, then a length", post(chunks + length, "0\r\n\r\n"), "400 end"},
              {"a coding of HTTP/1.0", "POST /a HTTP/1.0\r\n" + chunks + "\r\n0\r\n\r\n", "400 end"},
              {"a name that is nearly right", post("Transfer_Encoding: chunked\r\n", "0\r\n\r\n"), "200 400 end"},
              {"capitals", post("TRANSFER-ENCODING: Chunked\r\n", "0\r\n\r\n"), "200"}},
             kEchoed);
}

TEST_CASE("chunks are read to the letter", "[hardening]") {
  TestListener server;
  const std::string rest = "hello\r\n0\r\n\r\n";
  expect_all(
      server.port(),
      {chunked("none", "0\r\n\r\n", "200"),
       chunked("extensions", "5;a=b;c=\"d e\"\r\nhello\r\n0;f\r\n\r\n", "200"),
       chunked("a size beyond 64 bits", "10000000000000005\r\n" + rest),
       chunked("the most of 64 bits", "ffffffffffffffff\r\n" + rest, "413 end"),
       chunked("the most with a sign", "7fffffffffffffff\r\n" + rest, "413 end"),
       chunked("negative", "-5\r\n" + rest),
       chunked("plus", "+5\r\n" + rest),
       chunked("a blank first", " 5\r\n" + rest),
       chunked("a blank last", "5 \r\n" + rest),
       chunked("a prefix", "0x5\r\n" + rest),
       chunked("no number", "five\r\n" + rest),
       chunked("no size", "\r\n" + rest),
       chunked("a bare line feed", "5\n" + rest),
       chunked("a bare carriage return", "5\r" + rest),
       chunked("longer than its size", "4\r\n" + rest),
       chunked("shorter than its size", "6\r\n" + rest),
       chunked("no end of line behind it", "5\r\nhello0\r\n\r\n"),
       chunked("half an end of line behind it", "5\r\nhello\n0\r\n\r\n"),
       chunked("an extension without a name", "5;\r\n" + rest),
       chunked("an extension with a line feed", "5;a=\"b\nc\"\r\n" + rest),
       chunked("an extension over two lines", "5;a=\"b\r\nhello\"\r\n0\r\n\r\n"),
       chunked("an extension of 20 KiB", "5;a=" + std::string(20'480, 'b') + "\r\n" + rest, "431 end"),
       chunked("20 KiB of extensions", times(200, "1;a=" + std::string(100, 'b') + "\r\nx\r\n") + rest, "431 end"),
       chunked("a thousand small ones", times(1'000, "1\r\nx\r\n") + "0\r\n\r\n", "200")},
      kEchoed);
}

TEST_CASE("trailers are read, bounded, and nobody is told", "[hardening]") {
  TestListener server({}, [](std::shared_ptr<Request> request, Reply reply) {
    Response response;
    response.body = request->headers.get("X-Role").value_or("none");
    reply(std::move(response));
  });
  RawClient client(server.port());
  REQUIRE(client.send(post("Transfer-Encoding: chunked\r\n", "0\r\nX-Role: admin\r\nHost: other\r\n\r\n")));
  CHECK(client.receive()->body == "none");
  expect_all(server.port(),
             {chunked("a length behind them", "0\r\nContent-Length: 9\r\n\r\n"),
              chunked("a coding behind them", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
              chunked("a trailer without a name", "0\r\n: a\r\n\r\n"),
              chunked("a trailer without a colon", "0\r\ntrailer\r\n\r\n"),
              chunked("a folded trailer", "0\r\nX: a\r\n b\r\n\r\n"),
              chunked("a trailer with a control character", "0\r\nX: a\x01\r\n\r\n"),
              chunked("a trailer of 20 KiB", "0\r\nX: " + std::string(20'480, 'a') + "\r\n\r\n", "431 end"),
              chunked("five thousand trailers", "0\r\n" + times(5'000, "A: b\r\n") + "\r\n", "431 end")},
             "none");
}

TEST_CASE("the end of a chunked body may come byte by byte", "[hardening]") {
  TestListener server;
  for (const std::string body : {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\nX: y\r\n\r\n"}) {
    RawClient client(server.port());
    REQUIRE(client.send(post("Transfer-Encoding: chunked\r\n")));
    for (const char c : body) REQUIRE(client.send(std::string_view(&c, 1)));
    CHECK(client.receive()->status == 200);
  }
}
