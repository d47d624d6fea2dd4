// What every resource of the REST interface needs: the scheduler, who may run scripts, and the way from a call to its
// answer. Each resource adds its routes by a function that is declared here and lives in a file of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "auth/policy.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"
#include "http/router.hpp"
#include "middleware/error_wall.hpp"
#include "taskcore/scheduler.hpp"

namespace taskd {

class HttpMetrics;
class Pulse;
class StoreGauges;

struct Api {
  taskcore::Scheduler& scheduler;
  boost::asio::any_io_executor executor;  ///< Where answers are made; not the scheduler's own.
  ScriptRoles script_roles{};
  FaultSink on_fault{};
};

using ApiPtr = std::shared_ptr<const Api>;

/// A request in hand.
struct Call {
  ApiPtr api;
  std::shared_ptr<Request> request;
  Reply reply;

  const Identity& caller() const { return *request->identity; }
  std::string id() const { return std::string(request->param("id")); }
  void answer(Outcome<Response> outcome) const;
  void fault(std::exception_ptr error) const;
};

/// A route that answers at once. Exceptions end at the error wall.
Handler at_once(ApiPtr api, std::function<Outcome<Response>(const Api&, const Request&)> handle);

/// A route that answers later. A Problem that comes back at once is the answer.
using Begin = std::function<std::optional<Problem>(Call call)>;
Handler later(ApiPtr api, Begin begin);

/// The completion handler of a scheduler's verb: `then` makes the answer from the result, or none when it has passed
/// the call on.
template <class T, class F>
auto completion(Call call, F then) {
  auto executor = call.api->executor;
  return boost::asio::bind_executor(
      std::move(executor), [call = std::move(call), then = std::move(then)](taskcore::Result<T> result) mutable {
        try {
          std::optional<Outcome<Response>> outcome = then(std::move(result));
          if (outcome) call.answer(std::move(*outcome));
        } catch (...) {
          call.fault(std::current_exception());
        }
      });
}

void add_task_reads(Router& router, const ApiPtr& api);
void add_task_writes(Router& router, const ApiPtr& api);
void add_task_batch(Router& router, const ApiPtr& api);
void add_execute(Router& router, const ApiPtr& api);
void add_backfill(Router& router, const ApiPtr& api);
void add_controls(Router& router, const ApiPtr& api);
void add_runs(Router& router, const ApiPtr& api);
void add_bulk(Router& router, const ApiPtr& api);
void add_workflow_runs(Router& router, const ApiPtr& api);
void add_logs(Router& router, const ApiPtr& api);
void add_calendars(Router& router, const ApiPtr& api);
void add_queues(Router& router, const ApiPtr& api);
void add_schedules(Router& router, const ApiPtr& api);
void add_stats(Router& router, const ApiPtr& api);
void add_reference(Router& router, const ApiPtr& api);
void add_health(Router& router, const ApiPtr& api, std::function<bool()> is_stopping, std::shared_ptr<Pulse> engine);

/// Where the numbers come from, beside the scheduler.
struct MetricsSource {
  std::shared_ptr<const HttpMetrics> http;
  std::shared_ptr<StoreGauges> store;
  bool need_admin = false;
};
void add_metrics(Router& router, const ApiPtr& api, MetricsSource source);

}  // namespace taskd
