// From the end of a call to the end of an attempt. Pure.
#pragma once

#include "net/call_config.hpp"
#include "net/http_client.hpp"
#include "taskcore/executor.hpp"

namespace taskcore::net {

/// The result of an answer that was expected is {"status", "headers", "body"}: the body as JSON where it says that it
/// is, else as text, cut ("truncated": true) where it would be more than a result may hold. Any other answer fails:
/// 408, 425, 429 and 5xx may be tried again, no sooner than Retry-After says.
Outcome outcome_of(const CallConfig& config, const CallEnd& end, TimePoint now);

}  // namespace taskcore::net
