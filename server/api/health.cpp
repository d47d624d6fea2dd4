// GET /livez: the process answers. GET /readyz: it takes work.
#include "api/api.hpp"
#include "http/json_body.hpp"

namespace taskd {

void add_health(Router& router, const ApiPtr& api, std::function<bool()> is_stopping) {
  router.add(Method::get, "/livez", at_once(api, [](const Api&, const Request&) -> Outcome<Response> {
               return json_response(boost::json::object{{"status", "ok"}});
             }));
  router.add(Method::get, "/readyz",
             at_once(api, [is_stopping = std::move(is_stopping)](const Api& all, const Request&) -> Outcome<Response> {
               if (!is_stopping() && all.scheduler.ready()) {
                 return json_response(boost::json::object{{"status", "ready"}});
               }
               Problem problem = make_problem(
                   503, is_stopping() ? "The server is stopping." : "The store takes no writes at present.");
               problem.headers.set("Retry-After", "5");
               return problem;
             }));
}

}  // namespace taskd
