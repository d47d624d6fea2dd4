// GET /api/audit: who did what, for administrators; with `Accept: application/x-ndjson` or `format=ndjson` as JSON
// lines, whose cursor is in a header.
#include <boost/json/serialize.hpp>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::AuditEntry;

namespace {

constexpr std::string_view kLines = "application/x-ndjson";

bool wants_lines(const Request& request, Parameters& parameters) {
  const std::string format = parameters.choice("format", {"json", "ndjson"});
  if (!format.empty()) return format == "ndjson";
  const auto accept = request.headers.get("Accept");
  return accept && accept->find(kLines) != std::string_view::npos;
}

Response lines_response(const taskcore::Page<AuditEntry>& page) {
  Response response;
  response.headers.set("Content-Type", std::string(kLines));
  if (!page.next_cursor.empty()) response.headers.set("Next-Cursor", page.next_cursor);
  for (const AuditEntry& entry : page.items) {
    response.body += json::serialize(taskcore::to_json(entry));
    response.body += '\n';
  }
  return response;
}

Outcome<Response> list(const Api& api, const Request& request) {
  if (!is_admin(*request.identity)) return make_problem(403, "Only administrators may read the audit trail.");
  Parameters parameters(request.query, {"actor", "action", "target", "since", "format", "limit", "cursor"});
  taskcore::AuditQuery query;
  query.actor = parameters.text("actor");
  query.action = parameters.text("action");
  query.target = parameters.text("target");
  query.since = parameters.time("since");
  query.limit = parameters.limit();
  query.cursor = parameters.text("cursor");
  const bool lines = wants_lines(request, parameters);
  if (parameters.problem()) return *parameters.problem();
  const auto page = api.scheduler.audit(query);
  if (!page) return query_problem(page.error());
  if (lines) return lines_response(*page);
  json::array items;
  items.reserve(page->items.size());
  for (const AuditEntry& entry : page->items) items.push_back(taskcore::to_json(entry));
  return page_response("audit", std::move(items), page->next_cursor);
}

}  // namespace

void add_audit(Router& router, const ApiPtr& api) { router.add(Method::get, "/api/audit", at_once(api, list)); }

}  // namespace taskd
