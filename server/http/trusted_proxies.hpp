// The proxies whose word about their clients' addresses counts, and what they say in X-Forwarded-For. `Forwarded`
// (RFC 7239) is not read: a proxy that writes one of the two lets its clients write the other.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/headers.hpp"
#include "taskcore/result.hpp"

namespace taskd {

class TrustedProxies {
 public:
  using Address = boost::asio::ip::address;

  /// Addresses and blocks, such as "10.0.0.0/8" and "::1". Errors: `invalid`, naming the item.
  static taskcore::Result<TrustedProxies> parse(std::span<const std::string> items);

  bool empty() const noexcept { return v4_.empty() && v6_.empty(); }
  bool contains(const Address& address) const;

  /// The client's address where `peer`, who has connected, is trusted: the rightmost in X-Forwarded-For that is none
  /// of the trusted ones. What stands left of it, or of something that is no address, is anyone's word. Else `peer`.
  std::string client_of(std::string_view peer, const Headers& headers) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_{};
  std::vector<boost::asio::ip::network_v6> v6_{};
};

}  // namespace taskd
