// X-Forwarded-For: who may say it, how it is read, and what is made of nonsense.
#include "http/trusted_proxies.hpp"

#include "config.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

TrustedProxies proxies(const std::vector<std::string>& items) { return TrustedProxies::parse(items).value(); }

std::string client(const TrustedProxies& trusted, const std::string& peer, const std::vector<std::string>& values) {
  Headers headers;
  for (const std::string& value : values) headers.add("X-Forwarded-For", value);
  return trusted.client_of(peer, headers);
}

}  // namespace

TEST_CASE("addresses and blocks of both versions are trusted, and nothing beside them", "[proxies]") {
  const TrustedProxies trusted = proxies({"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"});
  const auto contains = [&](const char* text) { return trusted.contains(boost::asio::ip::make_address(text)); };
  for (const char* one : {"10.0.0.0", "10.255.255.255", "192.0.2.7", "2001:db8:1::5", "::1", "::ffff:10.1.1.1"}) {
    INFO(one);
    CHECK(contains(one));
  }
  for (const char* one : {"11.0.0.0", "192.0.2.8", "2001:db9::1", "::2", "::ffff:11.1.1.1", "0.0.0.0"}) {
    INFO(one);
    CHECK_FALSE(contains(one));
  }
  CHECK_FALSE(proxies({}).contains(boost::asio::ip::make_address("127.0.0.1")));
  CHECK(proxies({"10.1.2.3/8"}).contains(boost::asio::ip::make_address("10.9.9.9")));
}

TEST_CASE("the rightmost address that is not trusted is the client's", "[proxies]") {
  const TrustedProxies trusted = proxies({"10.0.0.0/8", "fd00::/8"});
  CHECK(client(trusted, "10.0.0.1", {"203.0.113.9"}) == "203.0.113.9");
  CHECK(client(trusted, "10.0.0.1", {"1.1.1.1, 203.0.113.9,10.0.0.2 , 10.0.0.3"}) == "203.0.113.9");
  CHECK(client(trusted, "10.0.0.1", {"1.1.1.1", "203.0.113.9", "10.0.0.2"}) == "203.0.113.9");
  CHECK(client(trusted, "fd00::1", {"2001:db8::9, fd00::2"}) == "2001:db8::9");
  CHECK(client(trusted, "::ffff:10.0.0.1", {"::ffff:203.0.113.9"}) == "203.0.113.9");
  // Only proxies: the one farthest away.
  CHECK(client(trusted, "10.0.0.1", {"10.0.0.7, 10.0.0.2"}) == "10.0.0.7");
}

TEST_CASE("who is not trusted says nothing about addresses", "[proxies]") {
  const TrustedProxies trusted = proxies({"10.0.0.0/8"});
  CHECK(client(trusted, "203.0.113.1", {"10.0.0.1"}) == "203.0.113.1");
  CHECK(client(trusted, "203.0.113.1", {"192.0.2.1, 10.0.0.1"}) == "203.0.113.1");
  CHECK(client(trusted, "", {"192.0.2.1"}).empty());
  Headers other;
  other.add("Forwarded", "for=192.0.2.1");
  other.add("X-Real-IP", "192.0.2.1");
  CHECK(trusted.client_of("10.0.0.1", other) == "10.0.0.1");
}

TEST_CASE("ports and brackets are borne, nonsense ends the search", "[proxies]") {
  const TrustedProxies trusted = proxies({"10.0.0.0/8"});
  CHECK(client(trusted, "10.0.0.1", {"203.0.113.9:4711"}) == "203.0.113.9");
  CHECK(client(trusted, "10.0.0.1", {"[2001:db8::9]:4711"}) == "2001:db8::9");
  CHECK(client(trusted, "10.0.0.1", {"[2001:db8::9]"}) == "2001:db8::9");
  for (const std::string& nonsense : std::vector<std::string>{
           "", ",", "unknown", "_hidden", "203.0.113.9;", "203.0.113", "0x7f.1", "[2001:db8::9", "[2001:db8::9]x",
           "fe80::1%eth0", "203.0.113.9 203.0.113.8", std::string(9000, '1'), std::string("1.1.1.1\0", 8)}) {
    INFO(nonsense);
    CHECK(client(trusted, "10.0.0.1", {nonsense}) == "10.0.0.1");
    CHECK(client(trusted, "10.0.0.1", {"203.0.113.9, " + nonsense + ", 10.0.0.2"}) == "10.0.0.2");
  }
  // A chain without end is cut.
  std::string chain = "203.0.113.9";
  for (int i = 0; i < 1000; ++i) chain += ",10.0.0.2";
  CHECK(client(trusted, "10.0.0.1", {chain}) == "10.0.0.2");
}

TEST_CASE("what is no proxy is refused with the setting's name", "[proxies]") {
  const auto mistake = [](const std::string& value) {
    const auto config = make_config({{"TASK_TRUSTED_PROXIES", value}});
    return config ? "none" : config.error().detail;
  };
  CHECK(mistake("127.0.0.1, 10.0.0.0/8,::1") == "none");
  for (const char* bad : {"localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "*", "1.1.1.1,,2.2.2.2"}) {
    INFO(bad);
    CHECK(mistake(bad).starts_with("TASK_TRUSTED_PROXIES: \""));
  }
}
