// GET /metrics: all numbers, for a monitoring system.
#include "api/api.hpp"
#include "metrics/engine_metrics.hpp"
#include "metrics/process_metrics.hpp"
#include "middleware/http_metrics.hpp"
#include "taskcore/version.hpp"

namespace taskd {

namespace {

/// Prometheus asks for OpenMetrics first and takes either.
Exposition::Format wanted_format(const Request& request) {
  const std::string_view accept = request.headers.get("Accept").value_or("");
  const bool open = accept.find("application/openmetrics-text") != std::string_view::npos;
  return open ? Exposition::Format::open_metrics : Exposition::Format::prometheus;
}

Response respond(Exposition& out) {
  Response response;
  response.headers.set("Content-Type", out.content_type());
  response.headers.set("Cache-Control", "no-store");
  response.body = out.take();
  return response;
}

}  // namespace

void add_metrics(Router& router, const ApiPtr& api, MetricsSource source) {
  router.add(Method::get, "/metrics",
             at_once(api, [source = std::move(source)](const Api& all, const Request& request) -> Outcome<Response> {
               if (source.need_admin && !(request.identity && is_admin(*request.identity))) {
                 return make_problem(403, "Only administrators may read the metrics.");
               }
               Exposition out(wanted_format(request));
               out.gauge("taskd_build_info", "1, with the version.");
               out.sample(1, {{"version", taskcore::kVersion}});
               source.http->write(out);
               write_scheduler(out, all.scheduler);
               if (const auto values = source.store->get(all.scheduler)) write_store(out, *values);
               write_process(out);
               return respond(out);
             }));
}

}  // namespace taskd
