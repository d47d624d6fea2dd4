// POST /api/tasks/:id/backfill.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "http/json_body.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Backfill;
using taskcore::BackfillRequest;
using taskcore::Result;

namespace {

void read_time(const json::value& value, std::string pointer, taskcore::TimePoint& to, Problem& problem) {
  const auto time = taskcore::parse_time(value.is_string() ? std::string_view(value.get_string()) : "");
  if (time) {
    to = *time;
  } else {
    problem.errors.push_back({std::move(pointer), "must be an RFC 3339 time such as 2027-01-31T09:00:00Z"});
  }
}

Outcome<BackfillRequest> read_request(const Request& request) {
  const auto body = json_object_body(request);
  if (!body) return body.error();
  BackfillRequest out;
  Problem problem = make_problem(422, "The body has wrong members.");
  for (const char* needed : {"from", "to"}) {
    if (!body->contains(needed)) problem.errors.push_back({"/" + std::string(needed), "is missing"});
  }
  for (const auto& [name, value] : *body) {
    if (name == "from") {
      read_time(value, "/from", out.from, problem);
    } else if (name == "to") {
      read_time(value, "/to", out.to, problem);
    } else if (name != "dryRun") {
      problem.errors.push_back({"/" + std::string(name), "is unknown; from, to and dryRun are known"});
    } else if (value.is_bool()) {
      out.dry_run = value.get_bool();
    } else {
      problem.errors.push_back({"/dryRun", "must be true or false"});
    }
  }
  if (!problem.errors.empty()) return problem;
  return out;
}

Response backfill_response(const Backfill& made, bool dry_run) {
  json::array items;
  items.reserve(made.runs.size());
  for (const taskcore::BackfillRun& run : made.runs) {
    const std::string instant = taskcore::format_time(run.scheduled_for);
    if (dry_run) {
      items.emplace_back(instant);
    } else {
      items.push_back({{"id", run.run_id}, {"scheduledFor", instant}});
    }
  }
  json::object body;
  if (dry_run) body.emplace("dryRun", true);
  const std::size_t count = items.size();
  body.emplace(dry_run ? "instants" : "runs", std::move(items));
  body.emplace("count", count);
  body.emplace("existing", made.existing);
  return json_response(std::move(body), dry_run ? 200 : 202);
}

std::optional<Problem> backfill(Call call) {
  if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
  const auto request = read_request(*call.request);
  if (!request) return request.error();
  const Gate gate(call, {Action::control, true});
  auto then = [gate, dry_run = request->dry_run](Result<Backfill> made) -> std::optional<Outcome<Response>> {
    if (!made) return gate.explain(made.error());
    return backfill_response(*made, dry_run);
  };
  call.keep_answer<Backfill>(
      [dry_run = request->dry_run](const Backfill& made) { return backfill_response(made, dry_run); });
  call.api->scheduler.async_backfill(call.id(), *request, call.options(gate.guard()),
                                     completion<Backfill>(call, std::move(then)));
  return std::nullopt;
}

}  // namespace

void add_backfill(Router& router, const ApiPtr& api) {
  router.add(Method::post, "/api/tasks/:id/backfill", later(api, backfill));
}

}  // namespace taskd
