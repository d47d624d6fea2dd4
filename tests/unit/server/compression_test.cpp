// gzip: who takes it, what gets it, and that it can be read.
#include "middleware/compression.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>
#include <boost/crc.hpp>

#include "http/gzip.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

bool takes(const std::string& accepted) {
  Headers headers;
  headers.add("Accept-Encoding", accepted);
  return accepts_gzip(headers);
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i > 0; --i) out = out << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return out;
}

/// Checks all of it: head, deflated text, sum and size.
std::string unpacked(std::string_view bytes) {
  REQUIRE(bytes.size() > 18);
  CHECK(bytes.substr(0, 4) == std::string_view("\x1f\x8b\x08\0", 4));
  std::string out(little_endian(bytes.substr(bytes.size() - 4)), '\0');
  namespace zlib = boost::beast::zlib;
  zlib::inflate_stream stream;
  zlib::z_params state;
  state.next_in = bytes.data() + 10;
  state.avail_in = bytes.size() - 18;
  state.next_out = out.data();
  state.avail_out = out.size();
  boost::beast::error_code ec;
  stream.write(state, zlib::Flush::finish, ec);
  CHECK((ec == zlib::error::end_of_stream));
  CHECK(state.avail_in == 0);
  CHECK(state.avail_out == 0);
  boost::crc_32_type crc;
  crc.process_bytes(out.data(), out.size());
  CHECK(crc.checksum() == little_endian(bytes.substr(bytes.size() - 8, 4)));
  return out;
}

Response ask(std::string body, const std::string& type = "application/json", const std::string& accepted = "gzip") {
  const Handler handler = with_compression([&](auto, Reply reply) {
    Response response;
    response.headers.add("Content-Type", type);
    response.headers.add("ETag", "\"7-ab\"");
    response.body = std::move(body);
    reply(std::move(response));
  });
  auto request = std::make_shared<Request>();
  if (!accepted.empty()) request->headers.add("Accept-Encoding", accepted);
  Response out;
  handler(request, [&](Response response) { out = std::move(response); });
  return out;
}

}  // namespace

TEST_CASE("a client takes gzip if it says so and does not like plain answers better", "[gzip]") {
  for (const char* yes : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=1.0, *;q=0.5", "br , gzip", "*", "gzip;q=0.001",
                          "identity;q=0.5, gzip", "gzip; q=0.8", "gzip;Q=1", "identity;q=0, *", "gzip;q=1.000"}) {
    INFO(yes);
    CHECK(takes(yes));
  }
  for (const char* no :
       {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzipped", "identity, gzip;q=0.5",
        "gzip;q=2", "gzip;q=-1", "gzip;q=x", "gzip;q=", "gzip;q=0.5000", "gzip;level=1", "gzip;q=1.001"}) {
    INFO(no);
    CHECK_FALSE(takes(no));
  }
  CHECK_FALSE(accepts_gzip({}));
}

TEST_CASE("what is packed is unpacked the same, whatever it is", "[gzip]") {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 100'000; ++i)
    noise.push_back(static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24));
  for (const std::string& text : {std::string("a"), std::string(1'000'000, 'a'), noise, std::string(70'000, '\0')}) {
    CHECK(unpacked(gzip(text)) == text);
  }
  CHECK(gzip(std::string(1'000'000, 'a')).size() < 10'000);
}

TEST_CASE("long text is packed, with a tag of its own", "[gzip]") {
  const std::string body(5'000, 'a');
  for (const char* type : {"application/json", "application/problem+json", "text/html; charset=utf-8", "text/plain"}) {
    const Response response = ask(body, type);
    CHECK(response.headers.get("Content-Encoding") == "gzip");
    CHECK(response.headers.get("Vary") == "Accept-Encoding");
    CHECK(response.headers.get("ETag") == "\"7-ab-gz\"");
    CHECK(unpacked(response.body) == body);
  }
}

TEST_CASE("short answers, streams of events, and clients that take none are left alone", "[gzip]") {
  const std::string body(5'000, 'a');
  const Response plain = ask(body, "application/json", "");
  CHECK(plain.body == body);
  CHECK(plain.headers.get("Vary") == "Accept-Encoding");
  CHECK(plain.headers.get("ETag") == "\"7-ab\"");
  CHECK_FALSE(plain.headers.get("Content-Encoding"));
  for (const Response& response :
       {ask(std::string(1'024, 'a')), ask(body, "text/event-stream"), ask(body, "image/png")}) {
    CHECK_FALSE(response.headers.get("Content-Encoding"));
    CHECK_FALSE(response.headers.get("Vary"));
  }
}
