// Redirects (RFC 9110, 15.4), and what a method says of sending twice. Pure.
#pragma once

#include <string_view>

#include "net/http_message.hpp"
#include "taskcore/result.hpp"

namespace taskcore::net {

/// A status of 301, 302, 303, 307 or 308 with a Location.
bool is_redirect(const HttpResponse& response);

/// The request that follows. As browsers do it (Fetch, 4.4): 303, and 301 and 302 of a POST, become a GET without a
/// body; what says who asks (Authorization, Cookie) does not go to another origin. Errors: `invalid`, for a Location
/// that cannot be followed, and for a way from https to http.
Result<HttpRequest> redirected(const HttpRequest& request, const HttpResponse& response);

/// Whether to do it twice is as to do it once (RFC 9110, 9.2.2).
bool is_idempotent(std::string_view method);

}  // namespace taskcore::net
