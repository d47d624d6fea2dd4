// The whole interface as one handler: the chain of middleware, then the routes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "auth/jwt.hpp"
#include "http/reply.hpp"
#include "middleware/access_log.hpp"
#include "middleware/http_metrics.hpp"
#include "middleware/rate_limiter.hpp"

namespace taskd {

class TrustedProxies;

struct AppOptions {
  std::shared_ptr<const Jwt> jwt;
  std::shared_ptr<RateLimiter> limiter;                   ///< Null: no limit.
  std::shared_ptr<const TrustedProxies> trusted_proxies;  ///< Null: none.
  AccessSink on_access;                                   ///< Null: no access log.
  std::vector<std::string> cors_origins{};                ///< Whose pages may call; empty: nobody's.
  std::function<bool()> is_stopping;
  LiveLimits live{};
  std::shared_ptr<HttpMetrics> http_metrics = std::make_shared<HttpMetrics>();
  bool metrics_need_admin = false;                   ///< Else anybody may read them.
  std::chrono::milliseconds metrics_age{5'000};      ///< How old what is counted in the store may be.
  std::chrono::milliseconds pulse_patience{10'000};  ///< How long the scheduler's thread may stand still.
};

/// The routes alone.
std::shared_ptr<Router> make_router(const ApiPtr& api, const AppOptions& options);

/// `api` and what it points at must outlive the handler's last request.
Handler make_app(const ApiPtr& api, AppOptions options);

}  // namespace taskd
