// POST /api/tasks:batch.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/masked.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Result;
using taskcore::Task;
using taskcore::TaskSpec;

namespace {

/// The problem of one task, said of the whole body.
Problem at_task(std::size_t index, Problem problem) {
  const std::string where = "/" + std::to_string(index);
  for (auto& error : problem.errors) error.pointer.insert(0, where);
  problem.detail = where + (problem.detail.starts_with('/') ? "" : ": ") + problem.detail;
  return problem;
}

/// As for a task alone: of the first that is refused.
std::optional<Problem> refusal_of(const Call& call, const std::vector<TaskSpec>& specs) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    auto problem = script_refusal(*call.api, call.caller(), specs[i]);
    if (!problem) continue;
    problem->errors.push_back({"", problem->detail});
    return at_task(i, std::move(*problem));
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (auto problem = masked_problem(specs[i])) return at_task(i, std::move(*problem));
  }
  return std::nullopt;
}

/// They are new: none has a run that could be told yet.
Response created(const std::vector<Task>& tasks) {
  std::string text = "{\"tasks\":[";
  for (const Task& task : tasks) {
    if (&task != &tasks.front()) text += ',';
    text += task_text(task, nullptr);
  }
  return json_text_response(text += "]}", 201);
}

std::optional<Problem> create_tasks(Call call) {
  if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
  if (!may_create(call.caller())) return make_problem(403, "Your role may not create tasks.");
  const auto body = json_array_body(*call.request);
  if (!body) return body.error();
  auto specs = taskcore::tasks_from_json(*body);
  if (!specs) return to_problem(specs.error());
  if (auto problem = refusal_of(call, *specs)) return problem;

  taskcore::CreateOptions options;
  options.created_by = call.caller().user;
  options.may_depend_on = may_depend_on(call.caller());
  options.may_notify = may_notify(*call.api, call.caller());
  options.by = call.by;
  call.keep_answer<std::vector<Task>>(created);
  auto then = [](Result<std::vector<Task>> tasks) -> std::optional<Outcome<Response>> {
    if (!tasks) return to_problem(tasks.error());
    return created(*tasks);
  };
  call.api->scheduler.async_create_all(std::move(*specs), std::move(options),
                                       completion<std::vector<Task>>(call, std::move(then)));
  return std::nullopt;
}

}  // namespace

void add_task_batch(Router& router, const ApiPtr& api) {
  router.add(Method::post, "/api/tasks:batch", later(api, create_tasks));
}

}  // namespace taskd
