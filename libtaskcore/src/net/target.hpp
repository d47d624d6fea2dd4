// Where a request goes, read from a URL (RFC 3986). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "taskcore/result.hpp"

namespace taskcore::net {

struct Target {
  bool tls = false;
  std::string host{};  ///< A name in lower case, or an address without brackets.
  std::uint16_t port = 0;
  std::string path{};  ///< With the query; begins with '/'. No fragment: it is the client's own.

  /// What the Host header says: the port where it is not the scheme's own.
  std::string authority() const;
  /// "https://example.com": for messages, which must not show what stands in a query.
  std::string origin() const;
  bool same_origin(const Target& other) const { return origin() == other.origin(); }
};

/// Errors: `invalid` with an empty pointer: no http or https, no host, a user in it, a port that is none.
Result<Target> parse_target(std::string_view url);

/// Where a Location header leads from `base`. Errors as above.
Result<Target> follow(const Target& base, std::string_view location);

}  // namespace taskcore::net
