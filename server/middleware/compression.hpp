// Answers in gzip where that pays: text of more than a kibibyte, for clients that take it.
#pragma once

#include "http/reply.hpp"

namespace taskd {

/// Never for streams of events, which must not wait for one another.
Handler with_compression(Handler next);

}  // namespace taskd
