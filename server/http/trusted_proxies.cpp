// Trusted proxies: see trusted_proxies.hpp.
#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <optional>

#include "text/trim.hpp"

namespace taskd {

namespace asio = boost::asio;
using asio::ip::address;
using boost::system::error_code;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

/// Longer chains than this are nobody's.
constexpr int kMaxHops = 32;
/// An IPv6 address with brackets and port.
constexpr std::size_t kMaxItem = 64;

/// Of ::ffff:192.0.2.1 the inner one: a socket for both versions calls its IPv4 peers so.
address plain(const address& given) {
  if (!given.is_v6() || !given.to_v6().is_v4_mapped()) return given;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, given.to_v6());
}

std::optional<address> parse_address(std::string_view text) {
  // No zone either: it is of the one machine that said it.
  if (text.find_first_not_of("0123456789abcdefABCDEF.:") != std::string_view::npos) return std::nullopt;
  error_code ec;
  const address out = asio::ip::make_address(std::string(text), ec);
  if (ec) return std::nullopt;
  return plain(out);
}

/// As proxies write it: an address, maybe with a port, and then an IPv6 one in brackets.
std::optional<address> parse_hop(std::string_view text) {
  if (text.size() > kMaxItem) return std::nullopt;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || (end + 1 < text.size() && text[end + 1] != ':')) return std::nullopt;
    return parse_address(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  return parse_address(has_port ? text.substr(0, colon) : text);
}

template <class Network>
bool any_contains(const std::vector<Network>& networks, const decltype(Network().network())& host) {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
    return Network(host, network.prefix_length()).network() == network.network();
  });
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(std::span<const std::string> items) {
  TrustedProxies out;
  for (const std::string& item : items) {
    const bool is_block = item.find('/') != std::string::npos;
    const bool is_v6 = item.find(':') != std::string::npos;
    const std::string text = is_block ? item : item + (is_v6 ? "/128" : "/32");
    error_code ec;
    if (is_v6) {
      out.v6_.push_back(asio::ip::make_network_v6(text, ec));
    } else {
      out.v4_.push_back(asio::ip::make_network_v4(text, ec));
    }
    if (ec) return fail(Errc::invalid, "\"" + item + "\" is no address and no block such as 10.0.0.0/8 or fd00::/8");
  }
  return out;
}

bool TrustedProxies::contains(const Address& given) const {
  const address host = plain(given);
  return host.is_v4() ? any_contains(v4_, host.to_v4()) : any_contains(v6_, host.to_v6());
}

std::string TrustedProxies::client_of(std::string_view peer, const Headers& headers) const {
  const auto from = parse_address(peer);
  if (!from || !contains(*from)) return std::string(peer);
  address client = *from;
  int hops = 0;
  for (std::size_t i = headers.size(); i > 0; --i) {
    if (!iequals(headers.name(i - 1), "X-Forwarded-For")) continue;
    std::string_view list = headers.value(i - 1);
    for (bool more = true; more;) {
      const std::size_t comma = list.rfind(',');
      more = comma != std::string_view::npos;
      const auto hop = parse_hop(trimmed(more ? list.substr(comma + 1) : list));
      list = list.substr(0, more ? comma : 0);
      if (!hop || ++hops > kMaxHops) return client.to_string();
      client = *hop;
      if (!contains(client)) return client.to_string();
    }
  }
  return client.to_string();
}

}  // namespace taskd
