// POST /api/tasks/:id/cancel, /pause and /resume.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"

namespace taskd {

using taskcore::Result;
using taskcore::Task;

namespace {

enum class Verb { cancel, pause, resume };

Begin control(Verb verb) {
  return [verb](Call call) -> std::optional<Problem> {
    if (auto problem = refuse_arguments(*call.request)) return problem;
    const Gate gate(call, {Action::control, false});
    auto then = [call, gate](Result<Task>&& task) -> std::optional<Outcome<Response>> {
      if (!task) return gate.explain(task.error());
      if (auto kept = call.kept_answer()) return std::move(*kept);
      return task_response(*call.api, std::move(*task));
    };
    call.keep_answer<Task>([](const Task& task, const taskcore::Run* last_run) {
      return task_response(task_text(task, last_run), task.version);
    });
    auto& scheduler = call.api->scheduler;
    auto done = completion<Task>(call, std::move(then));
    switch (verb) {
      case Verb::cancel:
        scheduler.async_cancel(call.id(), call.options(gate.guard()), std::move(done));
        break;
      case Verb::pause:
        scheduler.async_pause(call.id(), call.options(gate.guard()), std::move(done));
        break;
      case Verb::resume:
        scheduler.async_resume(call.id(), call.options(gate.guard()), std::move(done));
        break;
    }
    return std::nullopt;
  };
}

}  // namespace

void add_controls(Router& router, const ApiPtr& api) {
  router.add(Method::post, "/api/tasks/:id/cancel", later(api, control(Verb::cancel)));
  router.add(Method::post, "/api/tasks/:id/pause", later(api, control(Verb::pause)));
  router.add(Method::post, "/api/tasks/:id/resume", later(api, control(Verb::resume)));
}

}  // namespace taskd
