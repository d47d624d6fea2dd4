// What every resource of the REST interface needs: the scheduler, who may run scripts, and the way from a call to its
// answer. Each resource adds its routes by a function that is declared here and lives in a file of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "api/idempotency.hpp"
#include "auth/policy.hpp"
#include "http/problem.hpp"
#include "http/reply.hpp"
#include "http/router.hpp"
#include "live/live_feed.hpp"
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
  std::shared_ptr<InFlight> in_flight = std::make_shared<InFlight>();
  std::shared_ptr<LiveFeed> live{};  ///< Set by make_router.
};

using ApiPtr = std::shared_ptr<const Api>;

/// A request in hand.
struct Call {
  ApiPtr api;
  std::shared_ptr<Request> request;
  Reply reply;
  taskcore::ProvenancePtr by{};  ///< Goes with the verb into its transaction.

  const Identity& caller() const { return *request->identity; }
  std::string id() const { return std::string(request->param("id")); }
  void answer(Outcome<Response> outcome) const;
  void fault(std::exception_ptr error) const;

  /// For the verbs that take a guard.
  taskcore::CallOptions options(taskcore::TaskGuard guard) const { return {std::move(guard), by}; }

  /// Where the client sent an Idempotency-Key, `render(result)` makes the answer that is kept; of a Task,
  /// `render(task, last_run)`, which may be null. It is called inside the transaction: it must not call the scheduler.
  template <class T, class Render>
  void keep_answer(Render render) const;
  /// The answer that has been kept so.
  std::optional<Response> kept_answer() const;
  /// The answer to a call that was made before under its key; none where `error` is another one.
  std::optional<Outcome<Response>> repeated(const taskcore::Error& error) const;
};

template <class T, class Render>
void Call::keep_answer(Render render) const {
  if (!by->idempotency) return;
  by->idempotency->write = [render = std::move(render)](const taskcore::Given& given, const taskcore::Run* last_run) {
    const T& result = *std::get<const T*>(given);
    if constexpr (std::is_same_v<T, taskcore::Task>) {
      return pack(render(result, last_run));
    } else {
      static_cast<void>(last_run);
      return pack(render(result));
    }
  };
}

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
      std::move(executor), [call = std::move(call), then = std::move(then)](taskcore::Result<T>&& result) mutable {
        try {
          std::optional<Outcome<Response>> outcome;
          if (!result) outcome = call.repeated(result.error());
          if (!outcome) outcome = then(std::move(result));
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
void add_events(Router& router, const ApiPtr& api);
void add_calendars(Router& router, const ApiPtr& api);
void add_queues(Router& router, const ApiPtr& api);
void add_schedules(Router& router, const ApiPtr& api);
void add_graph(Router& router, const ApiPtr& api);
void add_nodes(Router& router, const ApiPtr& api);
void add_stats(Router& router, const ApiPtr& api);
void add_quota(Router& router, const ApiPtr& api);
void add_audit(Router& router, const ApiPtr& api);
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
