// GET /api/nodes: which processes work on the store. For administrators.
#include <boost/json/array.hpp>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Node;
using taskcore::Result;

namespace {

json::object node_json(const Node& node) {
  json::object out{{"name", node.name}, {"leaseUntil", nullptr}, {"running", node.running}, {"self", node.is_self}};
  if (node.lease_until) out["leaseUntil"] = taskcore::format_time(*node.lease_until);
  return out;
}

std::optional<Problem> list(Call call) {
  if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
  if (!is_admin(call.caller())) return make_problem(403, "Only administrators may see the nodes.");
  call.api->scheduler.async_nodes(completion<std::vector<Node>>(
      call, [](const Result<std::vector<Node>>& nodes) -> std::optional<Outcome<Response>> {
        if (!nodes) return to_problem(nodes.error());
        json::array items;
        for (const Node& node : *nodes) items.push_back(node_json(node));
        return page_response("nodes", std::move(items), {});
      }));
  return std::nullopt;
}

}  // namespace

void add_nodes(Router& router, const ApiPtr& api) { router.add(Method::get, "/api/nodes", later(api, list)); }

}  // namespace taskd
