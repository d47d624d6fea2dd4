// GET /livez: the process answers, and the scheduler's thread turns. GET /readyz: it takes work, and by which time
// zones it schedules.
#include "api/api.hpp"
#include "http/json_body.hpp"
#include "pulse.hpp"
#include "taskcore/time_zones.hpp"

namespace taskd {

namespace {

boost::json::object zones() {
  const taskcore::TimeZoneDatabase database = taskcore::time_zone_database();
  return {{"inUse", database.in_use},
          {"installed", database.installed},
          {"restartNeeded", database.in_use != database.installed}};
}

/// The detail of the error is not told: anybody may ask, and it may name files.
std::string in_words(taskcore::Errc trouble) {
  if (trouble == taskcore::Errc::timeout) return "The store has been at one write for more than 10 seconds.";
  const std::string_view words = trouble_words(trouble);
  return std::string(words.empty() ? "The store takes no writes at present." : words);
}

Problem not_ready(std::string why) {
  Problem problem = make_problem(503, std::move(why));
  problem.headers.set("Retry-After", "5");
  return problem;
}

}  // namespace

void add_health(Router& router, const ApiPtr& api, std::function<bool()> is_stopping, std::shared_ptr<Pulse> engine) {
  router.add(Method::get, "/livez",
             at_once(api, [engine = std::move(engine)](const Api&, const Request&) -> Outcome<Response> {
               if (!engine->beats()) return make_problem(503, "The scheduler's thread does not turn.");
               return json_response(boost::json::object{{"status", "ok"}});
             }));
  router.add(Method::get, "/readyz",
             at_once(api, [is_stopping = std::move(is_stopping)](const Api& all, const Request&) -> Outcome<Response> {
               if (is_stopping()) return not_ready("The server is stopping.");
               if (const auto trouble = all.scheduler.trouble()) return not_ready(in_words(*trouble));
               return json_response(boost::json::object{{"status", "ready"}, {"timeZoneDatabase", zones()}});
             }));
}

}  // namespace taskd
