// GET /livez: the process answers. GET /readyz: it takes work, and by which time zones it schedules.
#include "api/api.hpp"
#include "http/json_body.hpp"
#include "taskcore/time_zones.hpp"

namespace taskd {

namespace {

boost::json::object zones() {
  const taskcore::TimeZoneDatabase database = taskcore::time_zone_database();
  return {{"inUse", database.in_use},
          {"installed", database.installed},
          {"restartNeeded", database.in_use != database.installed}};
}

}  // namespace

void add_health(Router& router, const ApiPtr& api, std::function<bool()> is_stopping) {
  router.add(Method::get, "/livez", at_once(api, [](const Api&, const Request&) -> Outcome<Response> {
               return json_response(boost::json::object{{"status", "ok"}});
             }));
  router.add(Method::get, "/readyz",
             at_once(api, [is_stopping = std::move(is_stopping)](const Api& all, const Request&) -> Outcome<Response> {
               if (!is_stopping() && all.scheduler.ready()) {
                 return json_response(boost::json::object{{"status", "ready"}, {"timeZoneDatabase", zones()}});
               }
               Problem problem = make_problem(
                   503, is_stopping() ? "The server is stopping." : "The store takes no writes at present.");
               problem.headers.set("Retry-After", "5");
               return problem;
             }));
}

}  // namespace taskd
