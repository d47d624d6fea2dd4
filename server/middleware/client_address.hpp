// Behind trusted proxies: the address of a request is the client's, and not the proxy's.
#pragma once

#include <memory>

#include "http/reply.hpp"
#include "http/trusted_proxies.hpp"

namespace taskd {

/// Null `proxies`: the address is that of the connection.
Handler with_client_address(Handler next, std::shared_ptr<const TrustedProxies> proxies);

}  // namespace taskd
