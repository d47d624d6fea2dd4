// One JSON Web Key (RFC 7517, 7518 section 6, 8037 section 2).
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "auth/verify_key.hpp"

namespace taskd {

/// The key. None where it is not for checking signatures, or of a type, curve or algorithm that is not known here.
/// Errors: `invalid`: it should be good and is not. Private members are not read.
taskcore::Result<std::optional<VerifyKey>> read_jwk(const boost::json::object& jwk);

}  // namespace taskd
