#include "net/outbound_policy.hpp"

#include <algorithm>
#include <charconv>

#include "model/quote.hpp"
#include "model/text.hpp"
#include "net/address_kind.hpp"

namespace taskcore::net {

namespace ip = boost::asio::ip;

namespace {

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc() || end != text.data() + text.size() || value < 0 || value > most) return std::nullopt;
  return value;
}

std::optional<ip::address> address_of(std::string_view text) {
  boost::system::error_code bad;
  const ip::address address = ip::make_address(std::string(text), bad);
  return bad ? std::nullopt : std::optional(address);
}

/// An IPv4 address that came in IPv6's clothes.
ip::address plain(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

template <class Bytes>
bool same_bits(const Bytes& a, const Bytes& b, int bits) {
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const unsigned mask = bits >= 8 ? 0xffU : 0xffU << (8 - bits) & 0xffU;
    if (((a[i] ^ b[i]) & mask) != 0) return false;
  }
  return true;
}

bool contains(const ip::address& first, int bits, const ip::address& address) {
  if (first.is_v4() != address.is_v4()) return false;
  return first.is_v4() ? same_bits(first.to_v4().to_bytes(), address.to_v4().to_bytes(), bits)
                       : same_bits(first.to_v6().to_bytes(), address.to_v6().to_bytes(), bits);
}

bool is_host_name(std::string_view text) {
  const auto fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), fit);
}

}  // namespace

Result<OutboundPolicy> OutboundPolicy::parse(const std::vector<std::string>& allow) {
  OutboundPolicy out;
  for (const std::string& written : allow) {
    const std::string entry = lower(written);
    const auto wrong = [&] {
      return fail(Errc::invalid, in_quotes(written) +
                                     " allows nothing; give a host, host:port, an address, a block such as 10.0.0.0/8, "
                                     "or *");
    };
    if (entry == "*") {
      out.all_ = true;
      continue;
    }
    std::string host = entry;
    std::optional<std::uint16_t> port;
    const auto slash = entry.find('/');
    if (slash != std::string::npos) {
      const auto first = address_of(entry.substr(0, slash));
      const auto bits = first ? number(entry.substr(slash + 1), first->is_v4() ? 32 : 128) : std::nullopt;
      if (!bits) return wrong();
      out.blocks_.push_back({*first, *bits, std::nullopt});
      continue;
    }
    if (!address_of(entry)) {  // "::1" has colons that begin no port
      const auto colon = entry.rfind(':');
      if (colon != std::string::npos) {
        const auto value = number(entry.substr(colon + 1), 65535);
        if (!value || *value == 0) return wrong();
        port = static_cast<std::uint16_t>(*value);
        host = entry.substr(0, colon);
      }
      if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    }
    if (const auto address = address_of(host)) {
      out.blocks_.push_back({plain(*address), address->is_v4() || address->to_v6().is_v4_mapped() ? 32 : 128, port});
    } else if (is_host_name(host)) {
      out.names_.push_back({host, port});
    } else {
      return wrong();
    }
  }
  return out;
}

bool OutboundPolicy::permits(const Target& target, const ip::address& resolved) const {
  const ip::address address = plain(resolved);
  const AddressKind kind = kind_of(address);
  if (kind == AddressKind::global || (all_ && kind != AddressKind::metadata)) return true;
  const auto on_port = [&](const auto& entry) { return !entry.port || *entry.port == target.port; };
  const auto holds = [&](const Block& block) {
    const bool itself = block.bits == (block.first.is_v4() ? 32 : 128);
    return on_port(block) && contains(block.first, block.bits, address) && (itself || kind != AddressKind::metadata);
  };
  return std::any_of(blocks_.begin(), blocks_.end(), holds) ||
         std::any_of(names_.begin(), names_.end(),
                     [&](const Name& name) { return on_port(name) && name.host == target.host; });
}

}  // namespace taskcore::net
