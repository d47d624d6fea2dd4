// The facade: each verb in its two forms, one that waits for the reply and one that calls a handler (engine/verbs).
#include "taskcore/scheduler.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <condition_variable>
#include <mutex>

#include "engine/engine.hpp"
#include "engine/reads.hpp"
#include "engine/verbs.hpp"
#include "executors/function_executor.hpp"
#include "executors/script_executor.hpp"

namespace taskcore {
namespace {

/// A reply that calls the handler on its own executor, never from within the call that began the operation. Both
/// executors count it as work until then.
template <class T>
Reply<T> reply_to(Scheduler::Handler<T> handler, const boost::asio::any_io_executor& own) {
  namespace asio = boost::asio;
  const auto at = asio::get_associated_executor(handler, own);
  // An io_context of the handler's own runs what is posted on its own threads: then there is no need to go by `own`.
  const auto* const io = at.template target<asio::io_context::executor_type>();
  auto work = asio::prefer(own, asio::execution::outstanding_work.tracked);
  auto start = io != nullptr ? asio::any_io_executor(*io) : own;
  auto home = asio::prefer(at, asio::execution::outstanding_work.tracked);
  return Reply<T>([handler = std::move(handler), home = std::move(home), start = std::move(start),
                   work = std::move(work)](Result<T>&& told) mutable {
    // Some results are large, and each step is a move.
    auto call = [handler = std::move(handler), result = std::make_unique<Result<T>>(std::move(told))]() mutable {
      std::move(handler)(std::move(*result));
    };
    asio::post(start, [home = std::move(home), work = std::move(work), call = std::move(call)]() mutable {
      asio::dispatch(home, std::move(call));
    });
  });
}

/// Runs `begin(Reply<T>)` and waits for the reply.
template <class T, class Begin>
Result<T> block(Engine& engine, Begin begin) {
  if (!engine.pump && engine.would_block_itself()) {
    return fail(
        Errc::would_deadlock,
        "a blocking call from a thread that runs the scheduler's executor would wait for itself; use the async_ form");
  }
  struct Shared {
    std::mutex mutex{};
    std::condition_variable changed{};
    std::optional<Result<T>> result{};
  };
  auto shared = std::make_shared<Shared>();
  begin(Reply<T>::awaited([shared](Result<T> result) {
    const std::lock_guard lock(shared->mutex);
    shared->result.emplace(std::move(result));
    shared->changed.notify_all();
  }));
  if (engine.pump) {
    while (!shared->result && engine.pump()) {
    }
    return shared->result ? std::move(*shared->result)
                          : Result<T>(fail(Errc::would_deadlock, "nothing is left to do that could end this wait"));
  }
  std::unique_lock lock(shared->mutex);
  shared->changed.wait(lock, [&] { return shared->result.has_value(); });
  return std::move(*shared->result);
}

}  // namespace

Scheduler::Scheduler(boost::asio::any_io_executor executor, std::unique_ptr<Store> store, Options options)
    : engine_(std::make_shared<Engine>(std::move(executor), std::move(store), std::move(options))) {
  if (engine_->options().scripts) engine_->registry().add(make_script_executor(engine_->options()));
  engine_->open();
}

Scheduler::~Scheduler() { engine_->abandon(); }

void Scheduler::add_function(std::string name, Function function) {
  engine_->functions().add(std::move(name), std::move(function));
}
void Scheduler::executor(std::shared_ptr<Executor> executor) { engine_->registry().add(std::move(executor)); }
void Scheduler::hurry() noexcept { engine_->hurry(); }

// Blocking forms.
Result<void> Scheduler::start() {
  return block<void>(*engine_, [&](Reply<void> done) { engine_->start(std::move(done)); });
}
Result<void> Scheduler::stop(Duration grace) {
  return block<void>(*engine_, [&](Reply<void> done) { engine_->stop(grace, std::move(done)); });
}
Result<Task> Scheduler::create(TaskSpec spec, CreateOptions options) {
  return block<Task>(*engine_, [&](Reply<Task> done) {
    start_create(*engine_, std::move(spec), std::move(options), std::move(done), false);
  });
}
Result<std::vector<Task>> Scheduler::create_all(std::vector<TaskSpec> specs, CreateOptions options) {
  return block<std::vector<Task>>(*engine_, [&](Reply<std::vector<Task>> done) {
    start_create_all(*engine_, std::move(specs), std::move(options), std::move(done));
  });
}
Result<Task> Scheduler::ensure(TaskSpec spec, CreateOptions options) {
  return block<Task>(*engine_, [&](Reply<Task> done) {
    start_create(*engine_, std::move(spec), std::move(options), std::move(done), true);
  });
}
Result<Task> Scheduler::update(std::string id, TaskEdit edit, EditOptions options) {
  return block<Task>(*engine_, [&](Reply<Task> done) {
    start_update(*engine_, std::move(id), std::move(edit), std::move(options), std::move(done));
  });
}
Result<void> Scheduler::remove(std::string id, EditOptions options, TaskGuard guard) {
  return block<void>(*engine_, [&](Reply<void> done) {
    start_remove(*engine_, std::move(id), std::move(options), std::move(guard), std::move(done));
  });
}
Result<Run> Scheduler::execute(std::string task_id, boost::json::value params, CallOptions options) {
  return block<Run>(*engine_, [&](Reply<Run> done) {
    start_execute(*engine_, std::move(task_id), params, std::move(options), std::move(done));
  });
}
Result<Run> Scheduler::execute_workflow(std::string task_id, boost::json::value params, CallOptions options) {
  return block<Run>(*engine_, [&](Reply<Run> done) {
    start_execute_workflow(*engine_, std::move(task_id), params, std::move(options), std::move(done));
  });
}
Result<std::vector<std::string>> Scheduler::submit(std::vector<ExecuteRequest> requests) {
  return block<std::vector<std::string>>(*engine_, [&](Reply<std::vector<std::string>> done) {
    start_submit(*engine_, std::move(requests), std::move(done));
  });
}
Result<Backfill> Scheduler::backfill(std::string task_id, BackfillRequest request, CallOptions options) {
  return block<Backfill>(*engine_, [&](Reply<Backfill> done) {
    start_backfill(*engine_, std::move(task_id), request, std::move(options), std::move(done));
  });
}
Result<Calendar> Scheduler::put_calendar(CalendarSpec spec, ProvenancePtr by) {
  return block<Calendar>(
      *engine_, [&](Reply<Calendar> done) { start_put_calendar(*engine_, std::move(spec), by, std::move(done)); });
}
Result<QueueSpec> Scheduler::put_queue(QueueSpec spec, ProvenancePtr by) {
  return block<QueueSpec>(
      *engine_, [&](Reply<QueueSpec> done) { start_put_queue(*engine_, std::move(spec), by, std::move(done)); });
}
Result<std::vector<Node>> Scheduler::nodes() {
  return block<std::vector<Node>>(*engine_,
                                  [&](Reply<std::vector<Node>> done) { start_nodes(*engine_, std::move(done)); });
}
Result<void> Scheduler::remove_calendar(std::string name, ProvenancePtr by) {
  return block<void>(*engine_,
                     [&](Reply<void> done) { start_remove_calendar(*engine_, std::move(name), by, std::move(done)); });
}
Result<void> Scheduler::append_audit(AuditEntry entry) {
  return block<void>(*engine_,
                     [&](Reply<void> done) { start_append_audit(*engine_, std::move(entry), std::move(done)); });
}
Result<Run> Scheduler::wait(std::string run_id, Duration timeout) {
  return block<Run>(*engine_, [&](Reply<Run> done) { start_wait(*engine_, run_id, timeout, std::move(done)); });
}
Result<Task> Scheduler::cancel(std::string task_id, CallOptions options) {
  return block<Task>(*engine_, [&](Reply<Task> done) {
    start_cancel(*engine_, std::move(task_id), std::move(options), std::move(done));
  });
}
Result<Run> Scheduler::cancel_run(std::string run_id, CallOptions options) {
  return block<Run>(*engine_, [&](Reply<Run> done) {
    start_cancel_run(*engine_, std::move(run_id), std::move(options), std::move(done));
  });
}
Result<Run> Scheduler::retry_run(std::string run_id, CallOptions options) {
  return block<Run>(*engine_, [&](Reply<Run> done) {
    start_retry_run(*engine_, std::move(run_id), std::move(options), std::move(done));
  });
}
Result<Run> Scheduler::signal(std::string run_id, boost::json::value payload, CallOptions options) {
  return block<Run>(*engine_, [&](Reply<Run> done) {
    start_signal(*engine_, std::move(run_id), payload, std::move(options), std::move(done));
  });
}
Result<BulkRuns> Scheduler::bulk(BulkVerb verb, RunSelection which, CallOptions options) {
  return block<BulkRuns>(*engine_, [&](Reply<BulkRuns> done) {
    start_bulk(*engine_, verb, std::move(which), std::move(options), std::move(done));
  });
}
Result<BulkRuns> Scheduler::cancel_runs(RunSelection which, CallOptions options) {
  return bulk(BulkVerb::cancel, std::move(which), std::move(options));
}
Result<BulkRuns> Scheduler::retry_runs(RunSelection which, CallOptions options) {
  return bulk(BulkVerb::retry, std::move(which), std::move(options));
}
Result<BulkRuns> Scheduler::redrive(RunSelection which, CallOptions options) {
  return bulk(BulkVerb::redrive, std::move(which), std::move(options));
}
Result<BulkRuns> Scheduler::remove_runs(RunSelection which, CallOptions options) {
  return bulk(BulkVerb::remove, std::move(which), std::move(options));
}
Result<WorkflowRun> Scheduler::cancel_workflow(std::string id, CallOptions options) {
  return block<WorkflowRun>(*engine_, [&](Reply<WorkflowRun> done) {
    start_cancel_workflow(*engine_, std::move(id), std::move(options), std::move(done));
  });
}
Result<WorkflowRun> Scheduler::retry_workflow(std::string id, CallOptions options) {
  return block<WorkflowRun>(*engine_, [&](Reply<WorkflowRun> done) {
    start_retry_workflow(*engine_, std::move(id), std::move(options), std::move(done));
  });
}
Result<Task> Scheduler::pause(std::string task_id, CallOptions options) {
  return block<Task>(*engine_, [&](Reply<Task> done) {
    start_pause(*engine_, std::move(task_id), std::move(options), true, std::move(done));
  });
}
Result<Task> Scheduler::resume(std::string task_id, CallOptions options) {
  return block<Task>(*engine_, [&](Reply<Task> done) {
    start_pause(*engine_, std::move(task_id), std::move(options), false, std::move(done));
  });
}

// Asynchronous forms.
void Scheduler::begin_start(Handler<void> handler) {
  engine_->start(reply_to<void>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_stop(Duration grace, Handler<void> handler) {
  engine_->stop(grace, reply_to<void>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_create(TaskSpec&& spec, CreateOptions&& options, Handler<Task> handler) {
  start_create(*engine_, std::move(spec), std::move(options), reply_to<Task>(std::move(handler), engine_->executor()),
               false);
}
void Scheduler::begin_create_all(std::vector<TaskSpec> specs, CreateOptions options,
                                 Handler<std::vector<Task>> handler) {
  start_create_all(*engine_, std::move(specs), std::move(options),
                   reply_to<std::vector<Task>>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_ensure(TaskSpec&& spec, CreateOptions&& options, Handler<Task> handler) {
  start_create(*engine_, std::move(spec), std::move(options), reply_to<Task>(std::move(handler), engine_->executor()),
               true);
}
void Scheduler::begin_update(std::string id, TaskEdit edit, EditOptions options, Handler<Task> handler) {
  start_update(*engine_, std::move(id), std::move(edit), std::move(options),
               reply_to<Task>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_remove(std::string id, EditOptions options, TaskGuard guard, Handler<void> handler) {
  start_remove(*engine_, std::move(id), std::move(options), std::move(guard),
               reply_to<void>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_execute(std::string task_id, boost::json::value params, CallOptions options,
                              Handler<Run> handler) {
  start_execute(*engine_, std::move(task_id), params, std::move(options),
                reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_execute_workflow(std::string task_id, boost::json::value params, CallOptions options,
                                       Handler<Run> handler) {
  start_execute_workflow(*engine_, std::move(task_id), params, std::move(options),
                         reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_submit(std::vector<ExecuteRequest> requests, Handler<std::vector<std::string>> handler) {
  start_submit(*engine_, std::move(requests),
               reply_to<std::vector<std::string>>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_backfill(std::string task_id, BackfillRequest request, CallOptions options,
                               Handler<Backfill> handler) {
  start_backfill(*engine_, std::move(task_id), request, std::move(options),
                 reply_to<Backfill>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_put_calendar(CalendarSpec spec, ProvenancePtr by, Handler<Calendar> handler) {
  start_put_calendar(*engine_, std::move(spec), by, reply_to<Calendar>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_put_queue(QueueSpec spec, ProvenancePtr by, Handler<QueueSpec> handler) {
  start_put_queue(*engine_, std::move(spec), by, reply_to<QueueSpec>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_nodes(Handler<std::vector<Node>> handler) {
  start_nodes(*engine_, reply_to<std::vector<Node>>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_remove_calendar(std::string name, ProvenancePtr by, Handler<void> handler) {
  start_remove_calendar(*engine_, std::move(name), by, reply_to<void>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_append_audit(AuditEntry entry, Handler<void> handler) {
  start_append_audit(*engine_, std::move(entry), reply_to<void>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_wait(std::string run_id, Duration timeout, Handler<Run> handler) {
  start_wait(*engine_, run_id, timeout, reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_cancel(std::string task_id, CallOptions options, Handler<Task> handler) {
  start_cancel(*engine_, std::move(task_id), std::move(options),
               reply_to<Task>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_cancel_run(std::string run_id, CallOptions options, Handler<Run> handler) {
  start_cancel_run(*engine_, std::move(run_id), std::move(options),
                   reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_retry_run(std::string run_id, CallOptions options, Handler<Run> handler) {
  start_retry_run(*engine_, std::move(run_id), std::move(options),
                  reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_signal(std::string run_id, boost::json::value payload, CallOptions options,
                             Handler<Run> handler) {
  start_signal(*engine_, std::move(run_id), payload, std::move(options),
               reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_bulk(BulkVerb verb, RunSelection which, CallOptions options, Handler<BulkRuns> handler) {
  start_bulk(*engine_, verb, std::move(which), std::move(options),
             reply_to<BulkRuns>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_cancel_workflow(std::string id, CallOptions options, Handler<WorkflowRun> handler) {
  start_cancel_workflow(*engine_, std::move(id), std::move(options),
                        reply_to<WorkflowRun>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_retry_workflow(std::string id, CallOptions options, Handler<WorkflowRun> handler) {
  start_retry_workflow(*engine_, std::move(id), std::move(options),
                       reply_to<WorkflowRun>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_pause(std::string task_id, CallOptions options, Handler<Task> handler) {
  start_pause(*engine_, std::move(task_id), std::move(options), true,
              reply_to<Task>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_resume(std::string task_id, CallOptions options, Handler<Task> handler) {
  start_pause(*engine_, std::move(task_id), std::move(options), false,
              reply_to<Task>(std::move(handler), engine_->executor()));
}

// Reads.
Result<Task> Scheduler::get(std::string_view task_id) const { return read_task(*engine_, task_id); }
Result<Run> Scheduler::get_run(std::string_view run_id) const { return read_run(*engine_, run_id); }
Result<WorkflowRun> Scheduler::get_workflow(std::string_view id) const {
  return read_workflow(*engine_, std::string(id));
}
Result<Page<Task>> Scheduler::list(const TaskQuery& query) const { return read_tasks(*engine_, query); }
Result<std::vector<std::string>> Scheduler::dependents(std::string_view task_id, std::string_view visible_to,
                                                       std::size_t limit) const {
  return read_dependents(*engine_, task_id, visible_to, limit);
}
Result<Page<Run>> Scheduler::runs(const RunQuery& query) const { return read_runs(*engine_, query); }
Result<Page<Run>> Scheduler::dead_letters(RunQuery query) const {
  query.dead_letters = true;
  return read_runs(*engine_, query);
}
Result<Page<LogEntry>> Scheduler::logs(const LogQuery& query) const { return read_logs(*engine_, query); }
Result<Calendar> Scheduler::get_calendar(std::string_view name) const { return read_calendar(*engine_, name); }
Result<Page<Calendar>> Scheduler::calendars(const CalendarQuery& query) const {
  return read_calendars(*engine_, query);
}
Result<std::vector<Queue>> Scheduler::queues() const { return read_queues(*engine_); }
Result<Page<AuditEntry>> Scheduler::audit(const AuditQuery& query) const { return read_audit(*engine_, query); }
Result<Stats> Scheduler::stats(std::string_view visible_to) const { return read_stats(*engine_, visible_to); }
Result<Usage> Scheduler::usage(std::string_view created_by) const { return read_usage(*engine_, created_by); }
Result<std::vector<TimePoint>> Scheduler::next(std::string_view task_id, std::size_t count) const {
  return read_next(*engine_, task_id, count);
}
bool Scheduler::ready() const noexcept { return !trouble(); }
std::optional<Errc> Scheduler::trouble() const noexcept { return engine_->lane().trouble(); }
Metrics Scheduler::metrics() const { return engine_->lane().metrics(); }

std::shared_ptr<void> Scheduler::on_event(std::function<void(const Event&)> subscriber) {
  return engine_->events().subscribe(std::move(subscriber));
}
boost::asio::any_io_executor Scheduler::get_executor() const noexcept { return engine_->executor(); }
const Options& Scheduler::options() const noexcept { return engine_->options(); }
void Scheduler::set_pump(std::function<bool()> pump) { engine_->pump = std::move(pump); }

}  // namespace taskcore
