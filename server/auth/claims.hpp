// What a token says (RFC 7519), checked as far as the time does not matter.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "auth/identity.hpp"
#include "taskcore/result.hpp"

namespace taskd {

/// What a token of ours says, whatever the time is.
struct Grant {
  Identity identity{};
  double not_before = 0;  ///< Seconds since 1970, as `expires`.
  double expires = 0;
  std::string id{};  ///< `jti`; empty: none.
};

/// Where `issuer` or `audience` is set, the claims must have it. Errors: `invalid`, with a reason that is fit for the
/// client.
taskcore::Result<Grant> read_claims(const boost::json::object& claims, std::string_view issuer,
                                    std::string_view audience);

}  // namespace taskd
