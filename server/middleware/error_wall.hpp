// Where exceptions of handlers end: the client gets a 500 with the request's id, the log gets the reason.
#pragma once

#include <functional>
#include <string_view>

#include "http/reply.hpp"

namespace taskd {

/// Must not throw; may be called from several threads at once.
using FaultSink = std::function<void(std::string_view request_id, std::string_view what)>;

Handler with_error_wall(Handler next, FaultSink sink);

}  // namespace taskd
