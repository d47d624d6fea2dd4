// Reads by condition: what is read has an entity tag, and a client that has it already gets 304 in its place.
#pragma once

#include "http/reply.hpp"

namespace taskd {

/// Of the 200s of GET and HEAD that have a body. One without a tag of its own gets a weak one, of its bytes.
Handler with_conditional_reads(Handler next);

}  // namespace taskd
