// Access: see access.hpp.
#include "api/access.hpp"

#include "api/masked.hpp"

#include <algorithm>

namespace taskd {

using taskcore::Errc;
using taskcore::Error;
using taskcore::Result;
using taskcore::Task;

Relation relation_of(const Task& task, const Identity& caller) {
  return Relation{task.created_by == caller.user,
                  std::find(task.assigned_to.begin(), task.assigned_to.end(), caller.user) != task.assigned_to.end()};
}

Problem no_such_task(std::string_view id) { return make_problem(404, "There is no task \"" + std::string(id) + "\"."); }
Problem no_such_run(std::string_view id) { return make_problem(404, "There is no run \"" + std::string(id) + "\"."); }

std::string visible_to(const Identity& caller) { return sees_all(caller) ? std::string() : caller.user; }

std::optional<Problem> script_refusal(const Api& api, const Identity& caller, const taskcore::TaskSpec& spec) {
  if (spec.config.type != "script" || api.script_roles.has(caller.role)) return std::nullopt;
  return make_problem(403, "Your role may not make, edit or run scripts.");
}

std::optional<Problem> refusal(const Api& api, const Identity& caller, Demand demand, const Task& task) {
  switch (decide(caller, demand.action, relation_of(task, caller))) {
    case Verdict::hide:
      return no_such_task(task.id);
    case Verdict::forbid:
      return make_problem(403, "You may see this task but not do this with it.");
    case Verdict::allow:
      break;
  }
  return demand.script_role ? script_refusal(api, caller, task) : std::nullopt;
}

Gate::Gate(const Call& call, Demand demand)
    : state_(std::make_shared<State>(State{call.api, call.request, demand, {}})) {}

taskcore::TaskGuard Gate::guard() const {
  return [gate = *this](const Task& task) { return gate.check(task); };
}

Result<void> Gate::check(const Task& task) const {
  return refuse(refusal(*state_->api, *state_->request->identity, state_->demand, task));
}

Result<void> Gate::check_script(const taskcore::TaskSpec& spec) const {
  return refuse(script_refusal(*state_->api, *state_->request->identity, spec));
}

Result<void> Gate::check_masks(const taskcore::TaskSpec& spec) const { return refuse(masked_problem(spec)); }

Result<void> Gate::refuse(std::optional<Problem> problem) const {
  if (!problem) return {};
  state_->refused = std::move(problem);
  return taskcore::fail(Errc::not_found, "refused");
}

Problem Gate::explain(const Error& error) const {
  if (state_->refused) return *state_->refused;
  return error.code == Errc::not_found ? no_such_task(state_->request->param("id")) : to_problem(error);
}

taskcore::TaskGuard may_depend_on(const Identity& caller) {
  return [caller](const Task& task) -> Result<void> {
    if (decide(caller, Action::see, relation_of(task, caller)) == Verdict::allow) return {};
    return taskcore::fail(Errc::not_found, "not visible");
  };
}

taskcore::TaskGuard may_notify(const Api& api, const Identity& caller) {
  return [caller, roles = api.script_roles](const Task& task) -> Result<void> {
    const bool visible = decide(caller, Action::see, relation_of(task, caller)) == Verdict::allow;
    if (visible && (task.config.type != "script" || roles.has(caller.role))) return {};
    return taskcore::fail(Errc::not_found, "not visible, or a script that the caller may not run");
  };
}

Outcome<Task> visible_task(const Api& api, const Identity& caller, std::string_view id) {
  auto task = api.scheduler.get(id);
  if (!task) return task.error().code == Errc::not_found ? no_such_task(id) : to_problem(task.error());
  if (refusal(api, caller, {Action::see}, *task)) return no_such_task(id);
  return std::move(*task);
}

Outcome<taskcore::Run> visible_run(const Api& api, const Identity& caller, std::string_view id) {
  auto run = api.scheduler.get_run(id);
  if (!run) return run.error().code == Errc::not_found ? no_such_run(id) : to_problem(run.error());
  if (!sees_all(caller)) {
    const auto task = visible_task(api, caller, run->task_id);
    if (!task) return task.error().status == 404 ? no_such_run(id) : task.error();
  }
  return std::move(*run);
}

}  // namespace taskd
