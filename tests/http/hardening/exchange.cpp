// Exchanges: see exchange.hpp.
#include "http/hardening/exchange.hpp"

#include <boost/json/parse.hpp>
#include <sstream>

#include "http/raw_client.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace {

void check_answer(RawClient& client, const std::string& status) {
  const auto response = client.receive();
  REQUIRE(response);
  CHECK(std::to_string(response->status) == status);
  if (response->status < 400) return;
  CHECK(response->headers.at("content-type") == "application/problem+json");
  CHECK(boost::json::parse(response->body).at("status") == response->status);
}

void check_well(RawClient& client, std::string_view well) {
  REQUIRE(client.send(get("/livez")));
  const auto response = client.receive();
  REQUIRE(response);
  CHECK(response->body == well);
}

}  // namespace

void expect(std::uint16_t port, const Exchange& exchange, std::string_view well) {
  INFO(exchange.what);
  {
    RawClient client(port);
    client.send(exchange.bytes);  // May fail: the server need not listen to the end.
    bool ended = false;
    std::istringstream words(exchange.expected);
    for (std::string word; words >> word;) {
      if (word == "half") {
        client.finish();
      } else if (word == "end") {
        ended = true;
        CHECK(client.closed());
      } else {
        check_answer(client, word);
      }
    }
    if (!ended) check_well(client, well);
  }
  RawClient other(port);
  check_well(other, well);
}

void expect_all(std::uint16_t port, const std::vector<Exchange>& exchanges, std::string_view well) {
  for (const Exchange& exchange : exchanges) expect(port, exchange, well);
}

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  out.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace taskd::testing
