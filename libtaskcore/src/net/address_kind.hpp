// What an internet address is for, by IANA's registries of special addresses (RFC 6890 and what came after). Pure.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string_view>

namespace taskcore::net {

enum class AddressKind : std::uint8_t {
  global,      ///< Somewhere in the internet.
  loopback,    ///< This machine.
  private_,    ///< This network: RFC 1918, RFC 6598, unique local, site local.
  link_local,  ///< This wire.
  metadata,    ///< Where clouds give their secrets away to whoever asks.
  special,     ///< Multicast, documentation, benchmarks, reserved, unspecified.
};

/// IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4, Teredo's clients) counts as the IPv4 address that it is.
AddressKind kind_of(const boost::asio::ip::address& address);

std::string_view to_string(AddressKind kind) noexcept;

}  // namespace taskcore::net
