#include "net/address_kind.hpp"

#include <array>

namespace taskcore::net {

namespace ip = boost::asio::ip;

namespace {

struct Block4 {
  std::uint32_t first;
  int bits;
  AddressKind kind;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// The first that fits counts.
constexpr std::array kBlocks4{
    Block4{v4(169, 254, 169, 254), 32, AddressKind::metadata},  // AWS, Azure, Google, and many that follow them
    Block4{v4(169, 254, 170, 2), 32, AddressKind::metadata},    // AWS, of containers
    Block4{v4(169, 254, 170, 23), 32, AddressKind::metadata},   // AWS, of pods
    Block4{v4(169, 254, 0, 23), 32, AddressKind::metadata},     // Tencent
    Block4{v4(100, 100, 100, 200), 32, AddressKind::metadata},  // Alibaba
    Block4{v4(168, 63, 129, 16), 32, AddressKind::metadata},    // Azure, in public space
    Block4{v4(192, 0, 0, 192), 32, AddressKind::metadata},      // Oracle
    Block4{v4(127, 0, 0, 0), 8, AddressKind::loopback},
    Block4{v4(10, 0, 0, 0), 8, AddressKind::private_},
    Block4{v4(172, 16, 0, 0), 12, AddressKind::private_},
    Block4{v4(192, 168, 0, 0), 16, AddressKind::private_},
    Block4{v4(100, 64, 0, 0), 10, AddressKind::private_},
    Block4{v4(169, 254, 0, 0), 16, AddressKind::link_local},
    Block4{v4(0, 0, 0, 0), 8, AddressKind::special},
    Block4{v4(192, 0, 0, 0), 24, AddressKind::special},
    Block4{v4(192, 0, 2, 0), 24, AddressKind::special},
    Block4{v4(192, 88, 99, 0), 24, AddressKind::special},
    Block4{v4(198, 18, 0, 0), 15, AddressKind::special},
    Block4{v4(198, 51, 100, 0), 24, AddressKind::special},
    Block4{v4(203, 0, 113, 0), 24, AddressKind::special},
    Block4{v4(224, 0, 0, 0), 3, AddressKind::special},  // multicast, reserved, broadcast
};

AddressKind kind_of_v4(std::uint32_t address) {
  for (const Block4& block : kBlocks4) {
    if (((address ^ block.first) >> (32 - block.bits)) == 0) return block.kind;
  }
  return AddressKind::global;
}

std::uint32_t v4_at(const ip::address_v6::bytes_type& bytes, std::size_t at) {
  return v4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool begins_with(const ip::address_v6::bytes_type& bytes, std::initializer_list<std::uint8_t> with) {
  return std::equal(with.begin(), with.end(), bytes.begin());
}

/// Another kind where an address of 4 bytes is carried by one of 16.
AddressKind of_carried(std::uint32_t address) {
  const AddressKind kind = kind_of_v4(address);
  return kind == AddressKind::global ? AddressKind::special : kind;
}

AddressKind kind_of_v6(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  if (address.is_loopback()) return AddressKind::loopback;
  if (address.is_v4_mapped()) return kind_of_v4(v4_at(bytes, 12));
  if (begins_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) return of_carried(v4_at(bytes, 12));  // compatible
  if (begins_with(bytes, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return kind_of_v4(v4_at(bytes, 12));  // NAT64
  if (begins_with(bytes, {0x20, 0x02})) return of_carried(v4_at(bytes, 2));                                    // 6to4
  if (begins_with(bytes, {0x20, 0x01, 0, 0})) return of_carried(~v4_at(bytes, 12));                            // Teredo
  if (begins_with(bytes, {0xfd, 0x00, 0x0e, 0xc2})) return AddressKind::metadata;                              // AWS
  if (begins_with(bytes, {0xfd, 0x20, 0x00, 0xce})) return AddressKind::metadata;                              // Google
  if ((bytes[0] & 0xfeU) == 0xfcU) return AddressKind::private_;
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80U) return AddressKind::link_local;
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0xc0U) return AddressKind::private_;
  if ((bytes[0] & 0xe0U) != 0x20U) return AddressKind::special;  // only 2000::/3 has been given out
  if (begins_with(bytes, {0x20, 0x01}) && bytes[2] < 2) return AddressKind::special;     // 2001::/23
  if (begins_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) return AddressKind::special;         // documentation
  if (begins_with(bytes, {0x3f, 0xff}) && bytes[2] < 0x10) return AddressKind::special;  // documentation
  return AddressKind::global;
}

}  // namespace

AddressKind kind_of(const ip::address& address) {
  return address.is_v4() ? kind_of_v4(address.to_v4().to_uint()) : kind_of_v6(address.to_v6());
}

std::string_view to_string(AddressKind kind) noexcept {
  switch (kind) {
    case AddressKind::global:
      return "global";
    case AddressKind::loopback:
      return "loopback";
    case AddressKind::private_:
      return "private";
    case AddressKind::link_local:
      return "link-local";
    case AddressKind::metadata:
      return "cloud metadata";
    case AddressKind::special:
      return "special-purpose";
  }
  return "unknown";
}

}  // namespace taskcore::net
