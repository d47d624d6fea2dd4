// POST /api/tasks; PUT, PATCH and DELETE of /api/tasks/:id.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/masked.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::OnConflict;
using taskcore::Result;
using taskcore::Task;
using taskcore::TaskSpec;

namespace {

std::optional<Problem> no_parameters(const Request& request) { return Parameters(request.query, {}).problem(); }

std::optional<OnConflict> on_conflict(Parameters& parameters) {
  const std::string word = parameters.choice("onConflict", {"reject", "keep", "update", "debounce"});
  if (word.empty()) return std::nullopt;
  if (word == "reject") return OnConflict::reject;
  if (word == "keep") return OnConflict::keep;
  return word == "update" ? OnConflict::update : OnConflict::debounce;
}

/// A task that the caller may not see is there all the same: its id is taken.
Problem explain_conflict(const Gate& gate, const taskcore::Error& error) {
  Problem problem = gate.explain(error);
  return problem.status == 404 ? to_problem(error) : problem;
}

Response created(const Task& task, std::string text) {
  Response response = task_response(std::move(text), task.version, task.existed ? 200 : 201);
  if (!task.existed) response.headers.add("Location", task_path(task.id));
  return response;
}

/// The text that the trail needed serves the answer as well.
std::string text_of(const Call& call, const Task& task) {
  const auto last_run = last_run_of(*call.api, task);
  const taskcore::Run* last = last_run ? &*last_run : nullptr;
  return call.by->task_text.empty() ? task_text(task, last) : with_last_run(std::move(call.by->task_text), last);
}

std::optional<Problem> create_task(Call call) {
  Parameters parameters(call.request->query, {"onConflict"});
  taskcore::CreateOptions options;
  options.on_conflict = on_conflict(parameters);
  if (parameters.problem()) return parameters.problem();
  if (!may_create(call.caller())) return make_problem(403, "Your role may not create tasks.");
  auto body = json_object_body(*call.request);
  if (!body) return body.error();
  auto spec = taskcore::task_from_json(*body);
  if (!spec) return to_problem(spec.error());
  if (auto problem = script_refusal(*call.api, call.caller(), *spec)) return problem;
  if (auto problem = masked_problem(*spec)) return problem;

  const bool keeps = options.on_conflict == OnConflict::keep || !options.on_conflict;
  const Gate gate(call, {keeps ? Action::see : Action::change, !keeps});
  options.may_reuse = gate.guard();
  options.created_by = call.caller().user;
  options.may_depend_on = may_depend_on(call.caller());
  options.may_notify = may_notify(*call.api, call.caller());
  options.by = call.by;
  call.keep_answer<Task>(
      [](const Task& task, const taskcore::Run* last_run) { return created(task, task_text(task, last_run)); });
  auto then = [call, gate](const Result<Task>& task) -> std::optional<Outcome<Response>> {
    if (!task) return explain_conflict(gate, task.error());
    if (auto kept = call.kept_answer()) return std::move(*kept);
    return created(*task, text_of(call, *task));
  };
  call.api->scheduler.async_create(std::move(*spec), std::move(options), completion<Task>(call, std::move(then)));
  return std::nullopt;
}

/// The version that the edit must find, when the client demands one; a problem when it is already another.
Outcome<std::optional<std::int64_t>> demanded_version(const Call& call, const Task& task) {
  const VersionDemand demand = version_demand(*call.request, task.version);
  if (demand.any) return std::optional<std::int64_t>();
  if (demand.holds) return std::optional(task.version);
  return make_problem(412, "The task has been changed: its version is " + std::to_string(task.version) + ".");
}

/// Rights and version as they stand now; the gate asks again inside the transaction.
Outcome<std::optional<std::int64_t>> before_change(const Call& call, Demand demand) {
  const auto task = visible_task(*call.api, call.caller(), call.request->param("id"));
  if (!task) return task.error();
  if (auto problem = refusal(*call.api, call.caller(), demand, *task)) return *problem;
  return demanded_version(call, *task);
}

Problem explain_change(const Gate& gate, const taskcore::Error& error, bool versioned) {
  const bool changed = error.code == Errc::conflict && error.fields.empty();
  if (versioned && changed) return make_problem(412, "The task has just been changed.");
  return gate.explain(error);
}

std::optional<Problem> edit_task(Call call) {
  if (auto problem = no_parameters(*call.request)) return problem;
  auto body = json_object_body(*call.request);
  if (!body) return body.error();
  const Demand demand{Action::change, true};
  const auto version = before_change(call, demand);
  if (!version) return version.error();

  const Gate gate(call, demand);
  taskcore::EditOptions options;
  options.if_version = *version;
  options.may_depend_on = may_depend_on(call.caller());
  options.may_notify = may_notify(*call.api, call.caller());
  options.by = call.by;
  auto edit = [gate, patch = std::move(*body)](const Task& current, TaskSpec& spec) -> Result<void> {
    if (auto allowed = gate.check(current); !allowed) return allowed;
    json::object sent = patch;
    unmask_secrets(taskcore::to_json(current), sent);
    if (auto merged = taskcore::merge_json(current, sent, spec); !merged) return merged;
    if (auto allowed = gate.check_masks(spec); !allowed) return allowed;
    return gate.check_script(spec);
  };
  const bool versioned = version->has_value();
  auto then = [call, gate, versioned](const Result<Task>& task) -> std::optional<Outcome<Response>> {
    if (!task) return explain_change(gate, task.error(), versioned);
    return task_response(text_of(call, *task), task->version);
  };
  call.api->scheduler.async_update(call.id(), std::move(edit), std::move(options),
                                   completion<Task>(call, std::move(then)));
  return std::nullopt;
}

std::optional<Problem> delete_task(Call call) {
  Parameters parameters(call.request->query, {"force"});
  taskcore::EditOptions options;
  options.force = parameters.flag("force");
  if (parameters.problem()) return parameters.problem();
  const Demand demand{Action::change, false};
  const auto version = before_change(call, demand);
  if (!version) return version.error();

  const Gate gate(call, demand);
  options.if_version = *version;
  options.by = call.by;
  const bool versioned = version->has_value();
  auto then = [gate, versioned](Result<void> done) -> std::optional<Outcome<Response>> {
    if (!done) return explain_change(gate, done.error(), versioned);
    Response response;
    response.status = 204;
    return response;
  };
  auto guard = [gate, live = call.api->live](const Task& current) {
    auto allowed = gate.check(current);
    if (allowed) live->remember(current);
    return allowed;
  };
  call.api->scheduler.async_remove(call.id(), std::move(options), std::move(guard),
                                   completion<void>(call, std::move(then)));
  return std::nullopt;
}

}  // namespace

void add_task_writes(Router& router, const ApiPtr& api) {
  router.add(Method::post, "/api/tasks", later(api, create_task));
  router.add(Method::put, "/api/tasks/:id", later(api, edit_task));
  router.add(Method::patch, "/api/tasks/:id", later(api, edit_task));
  router.add(Method::remove, "/api/tasks/:id", later(api, delete_task));
}

}  // namespace taskd
