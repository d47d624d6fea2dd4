// Reads the Bearer token. Two steps, because the rate limit between them counts good tokens by user and the rest by
// address: `with_identity` finds out who it is, `with_required_identity` turns away who is nobody.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "auth/jwt.hpp"
#include "http/reply.hpp"

namespace taskd {

using WallClock = std::function<Jwt::Seconds()>;

/// Whose good token the request has. Errors: `invalid`, with the reason; an empty one where there is no token at all.
taskcore::Result<Identity> identify(const Request& request, const Jwt& jwt, Jwt::Seconds now);
/// True when the request's token was found good before: who it is, is known without a check of its signature.
bool has_known_token(const Request& request, const Jwt& jwt);

/// Sets `identity`, or `refusal` with the reason.
/// Where nobody asks who it is, no token is looked at.
Handler with_identity(Handler next, std::shared_ptr<const Jwt> jwt, WallClock now,
                      std::function<bool(const Request&)> is_exempt = {});

/// 401 with WWW-Authenticate where there is no identity; paths for which `is_public` holds pass.
Handler with_required_identity(Handler next, std::function<bool(const Request&)> is_public);

}  // namespace taskd
