// Where calls may go: each spelling of an address that is nobody's business is refused, and allowed once it is named.
#include "net/outbound_policy.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>

#include "net/address_kind.hpp"
#include "support/catch.hpp"

using namespace taskcore::net;
using boost::asio::ip::address;
using boost::asio::ip::make_address;

namespace {

/// As the system reads it, without asking anybody.
address numeric(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) throw std::runtime_error("not numeric: " + host);
  char text[NI_MAXHOST];
  ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return make_address(text);
}

OutboundPolicy allowing(const std::vector<std::string>& entries) { return OutboundPolicy::parse(entries).value(); }

}  // namespace

TEST_CASE("each spelling of an inner address is refused, and allowed when it is named", "[net]") {
  for (const char* host : {
           // this machine
           "127.0.0.1",
           "127.1",
           "127.0.1",
           "127.255.255.254",
           "2130706433",
           "0x7f000001",
           "0x7f.0.0.1",
           "0x7f.1",
           "017700000001",
           "0177.0.0.1",
           "0177.1",
           "00000177.0.0.01",
           "[::1]",
           "[0:0:0:0:0:0:0:1]",
           "[0000::0001]",
           "[::ffff:127.0.0.1]",
           "[::ffff:7f00:1]",
           "[0:0:0:0:0:ffff:127.0.0.1]",
           "[::127.0.0.1]",
           "[::7f00:1]",
           "[64:ff9b::127.0.0.1]",
           "[64:ff9b::7f00:1]",
           "[2002:7f00:1::]",
           "[2002:7f00:0001:1::1]",
           // unspecified, which connects to this machine
           "0",
           "0.0.0.0",
           "0x0",
           "00",
           "0.1.2.3",
           "[::]",
           "[::ffff:0.0.0.0]",
           "[64:ff9b::]",
           // this network
           "10.0.0.1",
           "10.255.255.255",
           "167772161",
           "0xa.1",
           "012.1",
           "172.16.0.1",
           "172.31.255.255",
           "192.168.0.1",
           "192.168.1",
           "3232235777",
           "100.64.0.1",
           "100.127.255.255",
           "[fc00::1]",
           "[fd12:3456::1]",
           "[fec0::1]",
           "[::ffff:10.0.0.1]",
           "[::ffff:192.168.0.1]",
           "[64:ff9b::10.0.0.1]",
           "[2002:a00:1::]",
           "[2002:c0a8:101::1]",
           "[2001:0:1:2:3:4:f5ff:fffe]",
           // this wire
           "169.254.1.1",
           "[fe80::1]",
           "[febf::1]",
           "[::ffff:169.254.1.1]",
           // where clouds tell secrets
           "169.254.169.254",
           "2852039166",
           "0xa9fea9fe",
           "0251.0376.0251.0376",
           "169.254.43518",
           "[::ffff:169.254.169.254]",
           "[::ffff:a9fe:a9fe]",
           "[64:ff9b::a9fe:a9fe]",
           "[2002:a9fe:a9fe::]",
           "[fd00:ec2::254]",
           "169.254.170.2",
           "100.100.100.200",
           "168.63.129.16",
           "192.0.0.192",
           // nobody
           "192.0.0.1",
           "192.0.2.1",
           "198.18.0.1",
           "198.19.255.255",
           "198.51.100.1",
           "203.0.113.1",
           "224.0.0.1",
           "239.1.2.3",
           "240.0.0.1",
           "255.255.255.255",
           "[ff02::1]",
           "[2001:db8::1]",
           "[100::1]",
           "[4000::1]",
           "[2001:2::1]",
           "[3fff::1]",
       }) {
    INFO(host);
    const Target target = parse_target("http://" + std::string(host) + ":8080/").value();
    const address to = numeric(target.host);
    CHECK_FALSE(allowing({}).permits(target, to));
    CHECK_FALSE(allowing({"8.8.8.8", "other.example", "1.0.0.0/8", "2600::/16"}).permits(target, to));
    CHECK(allowing({to.to_string()}).permits(target, to));
    CHECK(allowing({to.to_string() + (to.is_v4() ? "/32" : "/128"), "x"}).permits(target, to) ==
          !(to.is_v6() && to.to_v6().is_v4_mapped()));
    CHECK(allowing({"0.0.0.0/0", "::/0"}).permits(target, to) == (kind_of(to) != AddressKind::metadata));
    CHECK(allowing({"*"}).permits(target, to) == (kind_of(to) != AddressKind::metadata));
  }
}

TEST_CASE("what is out there may be called", "[net]") {
  for (const char* host :
       {"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.1.1",
        "192.0.1.1", "198.17.1.1", "223.255.255.255", "[2606:4700::1111]", "[2a00:1450::1]", "[64:ff9b::8.8.8.8]"}) {
    INFO(host);
    const Target target = parse_target("http://" + std::string(host) + "/").value();
    CHECK(allowing({}).permits(target, numeric(target.host)));
  }
}

TEST_CASE("a name allows what it leads to, on its port", "[net]") {
  const Target target = parse_target("http://Intranet.Example:8080/").value();
  const address inner = make_address("10.0.0.1");
  CHECK(allowing({"intranet.example"}).permits(target, inner));
  CHECK(allowing({"INTRANET.example:8080"}).permits(target, inner));
  CHECK_FALSE(allowing({"intranet.example:80"}).permits(target, inner));
  CHECK_FALSE(allowing({"example"}).permits(target, inner));
  CHECK(allowing({"10.0.0.1:8080"}).permits(target, inner));
  CHECK_FALSE(allowing({"10.0.0.1:80"}).permits(target, inner));
  CHECK(allowing({"10.0.0.0/8"}).permits(target, inner));
  CHECK_FALSE(allowing({"10.0.0.0/31", "10.0.0.2/31"}).permits(target, make_address("10.0.0.4")));
  CHECK(allowing({"[fd00::1]:8080"}).permits(target, make_address("fd00::1")));
  CHECK_FALSE(allowing({"[fd00::1]:80"}).permits(target, make_address("fd00::1")));
}

TEST_CASE("an entry that allows nothing is refused", "[net]") {
  for (const char* bad :
       {"", " ", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "host:0", "host:65536", "host:", "a b", "http://x/", "*.x"}) {
    INFO(bad);
    CHECK(OutboundPolicy::parse({bad}).has_error());
  }
}
