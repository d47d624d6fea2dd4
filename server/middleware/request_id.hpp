// Names the request: the client's X-Request-Id where it is sane, else the one the session made. Echoed in every answer.
#pragma once

#include "http/reply.hpp"

namespace taskd {

Handler with_request_id(Handler next);

}  // namespace taskd
