// Which addresses calls may reach. Without a word from the operator: those of the public internet, and none of the
// machine's own networks.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/target.hpp"

namespace taskcore::net {

class OutboundPolicy {
 public:
  /// Entries: a host name, host:port, an address, [v6]:port, a CIDR block (10.0.0.0/8, fd00::/8), and "*", which is all
  /// but metadata addresses. Errors: `invalid`, naming the entry.
  static Result<OutboundPolicy> parse(const std::vector<std::string>& allow);

  /// Whether the call to `target` may connect to `address`, which its host was resolved to.
  bool permits(const Target& target, const boost::asio::ip::address& address) const;

 private:
  struct Name {
    std::string host;
    std::optional<std::uint16_t> port;
  };
  struct Block {
    boost::asio::ip::address first;
    int bits;
    std::optional<std::uint16_t> port;
  };
  bool all_ = false;
  std::vector<Name> names_{};
  std::vector<Block> blocks_{};
};

}  // namespace taskcore::net
