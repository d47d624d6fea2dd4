// The client's address: see client_address.hpp.
#include "middleware/client_address.hpp"

namespace taskd {

Handler with_client_address(Handler next, std::shared_ptr<const TrustedProxies> proxies) {
  if (!proxies) return next;
  return [next = std::move(next), proxies = std::move(proxies)](std::shared_ptr<Request> request, Reply reply) {
    request->remote_address = proxies->client_of(request->remote_address, request->headers);
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
