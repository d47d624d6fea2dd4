// GET /api/calendars; GET, PUT and DELETE of /api/calendars/:name. Everybody may read, administrators write.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/calendar.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Calendar;
using taskcore::CalendarSpec;
using taskcore::Result;

namespace {

Outcome<Response> list(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"limit", "cursor"});
  const taskcore::CalendarQuery query{parameters.limit(), parameters.text("cursor")};
  if (const auto problem = parameters.problem()) return *problem;
  const auto page = api.scheduler.calendars(query);
  if (!page) return query_problem(page.error());
  json::array items;
  for (const Calendar& calendar : page->items) items.push_back(taskcore::to_json(calendar));
  return page_response("calendars", std::move(items), page->next_cursor);
}

Outcome<Response> get(const Api& api, const Request& request) {
  if (const auto problem = Parameters(request.query, {}).problem()) return *problem;
  const auto calendar = api.scheduler.get_calendar(request.param("name"));
  if (!calendar) return to_problem(calendar.error());
  return json_response(taskcore::to_json(*calendar));
}

/// Why the call may not write calendars; none when it may.
std::optional<Problem> refused(const Call& call) {
  if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
  if (!is_admin(call.caller())) return make_problem(403, "Only administrators may change calendars.");
  return std::nullopt;
}

/// The body with what a GET shows besides left out, so that what was read can be changed and sent back.
Outcome<CalendarSpec> read_spec(const Request& request) {
  auto body = json_object_body(request);
  if (!body) return body.error();
  const std::string name(request.param("name"));
  if (const auto* given = body->if_contains("name"); given != nullptr && *given != json::value(name)) {
    return field_problem("/name", "must be the name in the path, or be left out");
  }
  body->erase("name");
  body->erase("updatedAt");
  auto spec = taskcore::calendar_from_json(*body);
  if (!spec) return to_problem(spec.error());
  spec->name = name;
  return *spec;
}

std::optional<Problem> put(Call call) {
  if (auto problem = refused(call)) return problem;
  auto spec = read_spec(*call.request);
  if (!spec) return spec.error();
  auto then = [](Result<Calendar> calendar) -> std::optional<Outcome<Response>> {
    if (!calendar) return to_problem(calendar.error());
    return json_response(taskcore::to_json(*calendar));
  };
  call.api->scheduler.async_put_calendar(std::move(*spec), call.by, completion<Calendar>(call, std::move(then)));
  return std::nullopt;
}

std::optional<Problem> remove(Call call) {
  if (auto problem = refused(call)) return problem;
  auto then = [](Result<void> removed) -> std::optional<Outcome<Response>> {
    if (!removed) return to_problem(removed.error());
    Response response;
    response.status = 204;
    return response;
  };
  call.api->scheduler.async_remove_calendar(std::string(call.request->param("name")), call.by,
                                            completion<void>(call, std::move(then)));
  return std::nullopt;
}

}  // namespace

void add_calendars(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/calendars", at_once(api, list));
  router.add(Method::get, "/api/calendars/:name", at_once(api, get));
  router.add(Method::put, "/api/calendars/:name", later(api, put));
  router.add(Method::remove, "/api/calendars/:name", later(api, remove));
}

}  // namespace taskd
