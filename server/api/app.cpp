// The chain, outermost first: request id, the client's address, access log, metrics, error wall, gzip, other origins,
// trail of refusals, addresses with nothing left, who it is, rate limit, must be somebody, entity tags, routes.
#include "api/app.hpp"

#include <chrono>

#include "api/refusals.hpp"
#include "http/router.hpp"
#include "metrics/store_gauges.hpp"
#include "middleware/authentication.hpp"
#include "middleware/client_address.hpp"
#include "middleware/compression.hpp"
#include "middleware/conditional.hpp"
#include "middleware/cors.hpp"
#include "middleware/error_wall.hpp"
#include "middleware/http_metrics.hpp"
#include "middleware/rate_limit.hpp"
#include "middleware/request_id.hpp"
#include "pulse.hpp"

namespace taskd {

namespace {

/// Everything below /api needs a token, also what does not exist there; the rest needs none.
bool is_public(const Request& request) { return request.segments.empty() || request.segments.front() != "api"; }

bool is_metrics(const Request& request) { return request.segments.size() == 1 && request.segments[0] == "metrics"; }

/// Probes come from machines that must not be turned away.
bool is_probe(const Request& request) { return request.path == "/livez" || request.path == "/readyz"; }

Jwt::Seconds wall_clock() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// A stream ends when its token is no longer good: expired, taken back, or signed by a key that is gone.
ApiPtr with_live_feed(Api api, const AppOptions& options) {
  api.live = LiveFeed::make(api.scheduler, api.executor, options.live, [jwt = options.jwt](const Request& request) {
    return identify(request, *jwt, wall_clock()).has_value();
  });
  return std::make_shared<const Api>(std::move(api));
}

}  // namespace

std::shared_ptr<Router> make_router(const ApiPtr& given, const AppOptions& options) {
  const ApiPtr api = with_live_feed(*given, options);
  auto router = std::make_shared<Router>();
  add_task_reads(*router, api);
  add_task_writes(*router, api);
  add_task_batch(*router, api);
  add_execute(*router, api);
  add_backfill(*router, api);
  add_controls(*router, api);
  add_runs(*router, api);
  add_bulk(*router, api);
  add_workflow_runs(*router, api);
  add_logs(*router, api);
  add_events(*router, api);
  add_calendars(*router, api);
  add_queues(*router, api);
  add_schedules(*router, api);
  add_graph(*router, api);
  add_nodes(*router, api);
  add_stats(*router, api);
  add_quota(*router, api);
  add_audit(*router, api);
  add_reference(*router, api);
  add_health(*router, api, options.is_stopping,
             std::make_shared<Pulse>(api->scheduler.get_executor(), options.pulse_patience));
  add_metrics(*router, api,
              {options.http_metrics, std::make_shared<StoreGauges>(options.metrics_age), options.metrics_need_admin});
  return router;
}

Handler make_app(const ApiPtr& api, AppOptions options) {
  Handler chain = [router = make_router(api, options)](std::shared_ptr<Request> request, Reply reply) {
    router->handle(std::move(request), std::move(reply));
  };
  const bool metrics_need_admin = options.metrics_need_admin;
  // Who may read the metrics without a token, as a probe does, is not turned away either.
  const auto is_exempt = [metrics_need_admin](const Request& request) {
    return is_probe(request) || (!metrics_need_admin && is_metrics(request));
  };
  chain = with_conditional_reads(std::move(chain));
  chain = with_required_identity(std::move(chain), [metrics_need_admin](const Request& request) {
    return is_public(request) && !(metrics_need_admin && is_metrics(request));
  });
  chain = with_rate_limit(std::move(chain), options.limiter, std::chrono::steady_clock::now, is_exempt);
  chain = with_identity(std::move(chain), options.jwt, wall_clock, is_exempt);
  if (options.limiter && !metrics_need_admin) {  // by a measure of their own, lest bad tokens blind the monitoring
    auto scrapes = std::make_shared<RateLimiter>(options.limiter->per_minute());
    chain = with_rate_limit(std::move(chain), std::move(scrapes), std::chrono::steady_clock::now,
                            [](const Request& request) { return !is_metrics(request); });
  }
  chain = with_address_limit(
      std::move(chain), std::move(options.limiter), std::chrono::steady_clock::now, is_exempt,
      [jwt = std::move(options.jwt)](const Request& request) { return has_known_token(request, *jwt); });
  chain = with_refusals_recorded(std::move(chain), api);
  chain = with_cors(std::move(chain), std::move(options.cors_origins));
  chain = with_compression(std::move(chain));
  chain = with_error_wall(std::move(chain), api->on_fault);
  chain = with_http_metrics(std::move(chain), std::move(options.http_metrics));
  chain = with_access_log(std::move(chain), std::move(options.on_access));
  chain = with_client_address(std::move(chain), std::move(options.trusted_proxies));
  return with_request_id(std::move(chain));
}

}  // namespace taskd
