// POST /api/tasks/:id/execute, with `Prefer: wait=N`.
#include <algorithm>
#include <charconv>
#include <chrono>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Result;
using taskcore::Run;

namespace {

constexpr std::chrono::seconds kLongestWait{300};

/// `wait=N` of the Prefer headers (RFC 7240). What is malformed there is ignored, as the RFC has it.
std::optional<std::chrono::seconds> preferred_wait(const Request& request) {
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    if (!iequals(request.headers.name(i), "Prefer")) continue;
    for (std::string_view rest = request.headers.value(i); !rest.empty();) {
      const std::size_t end = rest.find_first_of(",;");
      std::string_view item = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
      while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
      if (item.size() < 6 || !iequals(item.substr(0, 5), "wait=")) continue;
      long seconds = 0;
      const auto [last, ec] = std::from_chars(item.data() + 5, item.data() + item.size(), seconds);
      if (ec == std::errc() && last == item.data() + item.size() && seconds >= 0) {
        return std::min(std::chrono::seconds(seconds), kLongestWait);
      }
    }
  }
  return std::nullopt;
}

struct Wanted {
  json::value params{};
  bool with_dependencies = false;
};

Outcome<Wanted> read_body(const Request& request) {
  auto body = optional_json_object_body(request);
  if (!body) return body.error();
  Wanted out;
  Problem problem = make_problem(422, "The body has wrong members.");
  for (auto& [name, value] : *body) {
    if (name == "params") {
      if (!value.is_object() && !value.is_null()) problem.errors.push_back({"/params", "must be an object"});
      out.params = std::move(value);
    } else if (name == "withDependencies") {
      if (!value.is_bool()) {
        problem.errors.push_back({"/withDependencies", "must be true or false"});
      } else {
        out.with_dependencies = value.get_bool();
      }
    } else {
      problem.errors.push_back({"/" + std::string(name), "is unknown; params and withDependencies are known"});
    }
  }
  if (!problem.errors.empty()) return problem;
  return out;
}

Response run_response(const Run& run, int status) {
  Response response = json_response(taskcore::to_json(run), status);
  response.headers.add("Location", run_path(run.id));
  return response;
}

/// The answer once the run has ended; when it takes too long, or the server stops first, the run as it stands.
std::optional<Outcome<Response>> answer_when_ended(const Call& call, const Run& run, std::chrono::seconds wait) {
  auto then = [call, run, wait](Result<Run> ended) -> std::optional<Outcome<Response>> {
    if (!ended) {
      const auto now = call.api->scheduler.get_run(run.id);
      return run_response(now ? *now : run, 202);
    }
    Response response = run_response(*ended, 200);
    response.headers.add("Preference-Applied", "wait=" + std::to_string(wait.count()));
    return response;
  };
  call.api->scheduler.async_wait(run.id, wait, completion<Run>(call, std::move(then)));
  return std::nullopt;
}

/// A task that this one depends on, and that the caller does not see, is not to be named.
Problem explain(const Call& call, const Gate& gate, const taskcore::Error& error) {
  Problem problem = gate.explain(error);
  if (problem.status != 404 || problem.detail == no_such_task(call.id()).detail) return problem;
  return make_problem(403, "You may not run all that this task depends on.");
}

std::optional<Problem> execute(Call call) {
  if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
  auto wanted = read_body(*call.request);
  if (!wanted) return wanted.error();
  const auto wait = preferred_wait(*call.request);
  const Gate gate(call, {Action::control, true});
  auto then = [call, gate, wait](Result<Run> run) -> std::optional<Outcome<Response>> {
    if (!run) return explain(call, gate, run.error());
    if (wait && wait->count() > 0) return answer_when_ended(call, *run, *wait);
    return run_response(*run, 202);
  };
  auto& scheduler = call.api->scheduler;
  call.keep_answer<Run>([](const Run& run) { return run_response(run, 202); });
  auto options = call.options(gate.guard());
  auto done = completion<Run>(call, std::move(then));
  if (wanted->with_dependencies) {
    scheduler.async_execute_workflow(call.id(), std::move(wanted->params), std::move(options), std::move(done));
  } else {
    scheduler.async_execute(call.id(), std::move(wanted->params), std::move(options), std::move(done));
  }
  return std::nullopt;
}

}  // namespace

void add_execute(Router& router, const ApiPtr& api) {
  router.add(Method::post, "/api/tasks/:id/execute", later(api, execute));
}

}  // namespace taskd
