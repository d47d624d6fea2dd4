// The chain, outermost first: request id, access log, error wall, who it is, rate limit, must be somebody, routes.
#include "api/app.hpp"

#include <chrono>

#include "http/router.hpp"
#include "middleware/authentication.hpp"
#include "middleware/error_wall.hpp"
#include "middleware/rate_limit.hpp"
#include "middleware/request_id.hpp"

namespace taskd {

namespace {

/// Everything below /api needs a token, also what does not exist there; the rest needs none.
bool is_public(const Request& request) { return request.segments.empty() || request.segments.front() != "api"; }

/// Probes come from machines that must not be turned away.
bool is_probe(const Request& request) { return request.path == "/livez" || request.path == "/readyz"; }

}  // namespace

Handler make_app(const ApiPtr& api, AppOptions options) {
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
  add_calendars(*router, api);
  add_queues(*router, api);
  add_schedules(*router, api);
  add_stats(*router, api);
  add_health(*router, api, std::move(options.is_stopping));

  Handler chain = [router](std::shared_ptr<Request> request, Reply reply) {
    router->handle(std::move(request), std::move(reply));
  };
  chain = with_required_identity(std::move(chain), is_public);
  chain = with_rate_limit(std::move(chain), std::move(options.limiter), std::chrono::steady_clock::now, is_probe);
  chain = with_identity(std::move(chain), std::move(options.jwt), [] {
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  });
  chain = with_error_wall(std::move(chain), api->on_fault);
  chain = with_access_log(std::move(chain), std::move(options.on_access));
  return with_request_id(std::move(chain));
}

}  // namespace taskd
