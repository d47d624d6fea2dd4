// GET /api/quota: how much the caller's own tasks may take up, and how much they do.
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "auth/policy.hpp"
#include "http/json_body.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

json::object shown(std::int64_t used, std::int64_t limit) {
  json::object out{{"used", used}, {"limit", nullptr}};
  if (limit > 0) out["limit"] = limit;
  return out;
}

Outcome<Response> get_quota(const Api& api, const Request& request) {
  if (const auto problem = Parameters(request.query, {}).problem()) return *problem;
  const auto usage = api.scheduler.usage(request.identity->user);
  if (!usage) return to_problem(usage.error());
  const taskcore::Quota quota = has_quota(*request.identity) ? api.scheduler.options().quota : taskcore::Quota{};
  return json_response(json::object{{"tasks", shown(usage->tasks, quota.tasks)},
                                    {"runs", shown(usage->runs, quota.runs)},
                                    {"bytes", shown(usage->bytes, quota.bytes)}});
}

}  // namespace

void add_quota(Router& router, const ApiPtr& api) { router.add(Method::get, "/api/quota", at_once(api, get_quota)); }

}  // namespace taskd
