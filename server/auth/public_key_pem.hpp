// A public key from a PEM file.
#pragma once

#include <string_view>

#include "auth/public_key.hpp"

namespace taskd {

/// The one key of `pem` ("-----BEGIN PUBLIC KEY-----"). Errors: `invalid`, with what the text is instead.
taskcore::Result<PublicKey> public_key_from_pem(std::string_view pem);

}  // namespace taskd
