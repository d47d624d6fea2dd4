// GET /api/tasks/stats: counts of what the caller sees.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

void add_stats(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/tasks/stats",
             at_once(api, [](const Api& all, const Request& request) -> Outcome<Response> {
               if (const auto problem = Parameters(request.query, {}).problem()) return *problem;
               const auto stats = all.scheduler.stats(visible_to(*request.identity));
               if (!stats) return to_problem(stats.error());
               return json_response(taskcore::to_json(*stats));
             }));
}

}  // namespace taskd
