// GET /api/tasks/:id/logs and /api/runs/:id/logs: as pages, and for `Accept: text/event-stream` as a tail that goes on.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "live/log_follower.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

Outcome<Response> page_of_logs(const Api& api, const taskcore::LogQuery& query) {
  const auto page = api.scheduler.logs(query);
  if (!page) return query_problem(page.error());
  json::array items;
  items.reserve(page->items.size());
  for (const taskcore::LogEntry& entry : page->items) items.push_back(taskcore::to_json(entry));
  return page_response("logs", std::move(items), page->next_cursor);
}

bool wants_stream(const Request& request) {
  const auto accept = request.headers.get("Accept");
  return accept && accept->find("text/event-stream") != std::string_view::npos;
}

/// From the line on that the client had last; `cursor` may say the same where no header can be set.
Outcome<Response> tail_of_logs(const Call& call, taskcore::LogQuery query) {
  if (const auto last = call.request->headers.get("Last-Event-ID")) query.cursor = *last;
  if (query.cursor.empty()) query.cursor = kLogBegin;
  if (!query.cursor.starts_with(kLogBegin)) return make_problem(400, "Last-Event-ID is not one that this stream gave.");
  query.limit = 1;
  if (const auto line = call.api->scheduler.logs(query); !line) return query_problem(line.error());
  auto seat = call.api->live->take_seat(call.caller().user);
  if (!seat) return seat.error();
  auto tail = std::make_shared<LogFollower>(call.api, call.request, std::move(*seat), std::move(query));
  call.api->live->join(tail);
  return stream_response(std::move(tail));
}

Outcome<Response> list_logs(const Call& call, Parameters& parameters, taskcore::LogQuery query) {
  query.level = parameters.level("level");
  query.since = parameters.time("since");
  query.limit = parameters.limit();
  query.cursor = parameters.text("cursor");
  if (parameters.problem()) return *parameters.problem();
  if (wants_stream(*call.request)) return tail_of_logs(call, std::move(query));
  if (query.cursor.starts_with(kLogBegin)) return make_problem(400, "The cursor is one of a stream, not of a page.");
  return page_of_logs(*call.api, query);
}

Outcome<Response> logs_of_task(const Call& call) {
  const Request& request = *call.request;
  Parameters parameters(request.query, {"level", "since", "runId", "limit", "cursor"});
  taskcore::LogQuery query;
  query.run_id = parameters.text("runId");
  if (parameters.problem()) return *parameters.problem();
  const auto task = visible_task(*call.api, call.caller(), request.param("id"));
  if (!task) return task.error();
  query.task_id = task->id;
  return list_logs(call, parameters, std::move(query));
}

Outcome<Response> logs_of_run(const Call& call) {
  const Request& request = *call.request;
  Parameters parameters(request.query, {"level", "since", "limit", "cursor"});
  if (parameters.problem()) return *parameters.problem();
  const auto run = visible_run(*call.api, call.caller(), request.param("id"));
  if (!run) return run.error();
  taskcore::LogQuery query;
  query.task_id = run->task_id;
  query.run_id = run->id;
  return list_logs(call, parameters, std::move(query));
}

Begin answer_with(Outcome<Response> (*handle)(const Call&)) {
  return [handle](Call call) -> std::optional<Problem> {
    call.answer(handle(call));
    return std::nullopt;
  };
}

}  // namespace

void add_logs(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/tasks/:id/logs", later(api, answer_with(logs_of_task)));
  router.add(Method::get, "/api/runs/:id/logs", later(api, answer_with(logs_of_run)));
}

}  // namespace taskd
