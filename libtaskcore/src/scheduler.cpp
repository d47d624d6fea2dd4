// The facade: checks what needs no store on the caller's thread, and hands the rest to the engine.
#include "taskcore/scheduler.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <condition_variable>
#include <mutex>

#include "engine/audit.hpp"
#include "engine/backfill.hpp"
#include "engine/bulk.hpp"
#include "engine/calendars.hpp"
#include "engine/create_all.hpp"
#include "engine/deed.hpp"
#include "engine/engine.hpp"
#include "engine/nodes.hpp"
#include "engine/prepare.hpp"
#include "engine/queues.hpp"
#include "engine/quota.hpp"
#include "engine/reads.hpp"
#include "engine/runs.hpp"
#include "engine/selection.hpp"
#include "engine/tasks.hpp"
#include "engine/workflow.hpp"
#include "executors/function_executor.hpp"
#include "executors/script_executor.hpp"
#include "model/ids.hpp"
#include "model/validation.hpp"

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

/// A user's callable that throws refuses what it was asked about.
template <class F, class... Args>
Result<void> call_guarded(const F& f, Args&&... args) {
  try {
    return f(std::forward<Args>(args)...);
  } catch (const std::exception& e) {
    return fail(Errc::invalid, e.what());
  }
}

TaskGuard guarded(TaskGuard guard) {
  if (!guard) return guard;
  return [guard = std::move(guard)](const Task& current) { return call_guarded(guard, current); };
}

/// Makes here what would else be made on the store's thread, which all share.
void complete(Prepared& prepared) {
  prepared.text = encode_spec(prepared.stored());
  prepared.told = prepared.spec();
}

CreateOptions guarded(CreateOptions options) {
  options.may_depend_on = guarded(std::move(options.may_depend_on));
  options.may_notify = guarded(std::move(options.may_notify));
  options.may_reuse = guarded(std::move(options.may_reuse));
  return options;
}

/// Held to the quota, but for who is exempt.
enum class Limits : std::uint8_t { apply, none };

/// The one way of every change to the store: `act(ledger)`, with what `deed` asks for where there is one.
template <class T, class Act>
void enqueue(Engine& engine, DeedPtr deed, Act act, Reply<T> done, Limits limits = Limits::apply) {
  const bool exempt = limits == Limits::none || (deed && deed->by->exempt_from_quota);
  std::optional<std::string> asker;
  if (!exempt && engine.options().quota.any()) asker = deed ? deed->by->actor : std::string();
  auto within = [act = std::move(act), asker = std::move(asker)](Ledger& ledger) mutable {
    const QuotaScope scope(ledger, asker);
    return act(ledger);
  };
  if (!deed) return engine.lane().call<T>(std::move(within), std::move(done));
  engine.lane().call<T>([deed = std::move(deed), within = std::move(within)](
                            Ledger& ledger) mutable { return record<T>(ledger, *deed, within); },
                        std::move(done));
}

void start_create(Engine& engine, TaskSpec&& spec, CreateOptions&& options, Reply<Task> done, bool ensure) {
  auto prepared = prepare(std::move(spec), engine.options(), engine.registry(), engine.clock()->now());
  if (!prepared) return done(prepared.error());
  complete(*prepared);
  auto deed = make_deed(options.by, Deed::On::task, "task.create", prepared->spec().id);
  if (deed) {
    deed->creates = true;
    deed->unique_key = prepared->spec().unique_key;
    deed->created_by = options.created_by;
  }
  enqueue<Task>(
      engine, std::move(deed),
      [p = std::make_unique<Prepared>(std::move(*prepared)), o = guarded(std::move(options)), ensure](Ledger& ledger) {
        return ensure ? ensure_task(ledger, std::move(*p), o) : create_task(ledger, std::move(*p), o);
      },
      std::move(done));
}

void start_create_all(Engine& engine, std::vector<TaskSpec> specs, CreateOptions options,
                      Reply<std::vector<Task>> done) {
  auto prepared = prepare_all(std::move(specs), engine.options(), engine.registry(), engine.clock()->now());
  if (!prepared) return done(prepared.error());
  for (Prepared& member : prepared->members) complete(member);
  auto deed = make_deed(options.by, Deed::On::nothing, "task.create", {});
  enqueue<std::vector<Task>>(
      engine, std::move(deed),
      [p = std::move(*prepared), o = guarded(std::move(options))](Ledger& ledger) mutable {
        return create_tasks(ledger, std::move(p), o);
      },
      std::move(done));
}

void start_update(Engine& engine, std::string id, TaskEdit edit, EditOptions options, Reply<Task> done,
                  const char* action = "task.update", Limits limits = Limits::apply) {
  auto safe = [edit = std::move(edit)](const Task& current, TaskSpec& spec) {
    return call_guarded(edit, current, spec);
  };
  options.may_depend_on = guarded(std::move(options.may_depend_on));
  options.may_notify = guarded(std::move(options.may_notify));
  auto deed = make_deed(options.by, Deed::On::task, action, id);
  enqueue<Task>(
      engine, std::move(deed),
      [id = std::move(id), e = std::move(safe), o = std::move(options)](Ledger& ledger) {
        return update_task(ledger, id, e, o);
      },
      std::move(done), limits);
}

void start_remove(Engine& engine, std::string id, EditOptions options, TaskGuard guard, Reply<void> done) {
  auto deed = make_deed(options.by, Deed::On::task, "task.delete", id);
  enqueue<void>(
      engine, std::move(deed),
      [id = std::move(id), o = std::move(options), g = guarded(std::move(guard))](Ledger& ledger) {
        return remove_task(ledger, id, o, g);
      },
      std::move(done));
}

/// `verb` is execute_task or execute_workflow.
template <class Verb>
void start_execute(Engine& engine, Verb verb, std::string id, const boost::json::value& params, CallOptions options,
                   Reply<Run> done) {
  auto text = encode_params(params);
  if (!text) return done(text.error());
  auto deed = make_deed(options.by, Deed::On::nothing, "task.execute", id);
  enqueue<Run>(
      engine, std::move(deed),
      [verb, r = NewRun{std::move(id), std::move(*text)},
       g = guarded(std::move(options.guard))](Ledger& ledger) mutable { return verb(ledger, std::move(r), g); },
      std::move(done));
}

void start_signal(Engine& engine, std::string id, const boost::json::value& payload, CallOptions options,
                  Reply<Run> done) {
  auto text = encode_signal(payload);
  if (!text) return done(text.error());
  auto deed = make_deed(options.by, Deed::On::nothing, "run.signal", id);
  enqueue<Run>(
      engine, std::move(deed),
      [id = std::move(id), t = std::move(*text), g = guarded(std::move(options.guard))](Ledger& ledger) {
        return signal_run(ledger, id, t, g);
      },
      std::move(done));
}

void start_submit(Engine& engine, std::vector<ExecuteRequest> requests, Reply<std::vector<std::string>> done) {
  std::vector<NewRun> runs;
  runs.reserve(requests.size());
  for (ExecuteRequest& request : requests) {
    auto text = encode_params(request.params);
    if (!text) return done(text.error());
    runs.push_back({std::move(request.task_id), std::move(*text)});
  }
  enqueue<std::vector<std::string>>(
      engine, nullptr, [r = std::move(runs)](Ledger& ledger) mutable { return submit_runs(ledger, std::move(r)); },
      std::move(done));
}

void start_backfill(Engine& engine, std::string id, BackfillRequest request, CallOptions options,
                    Reply<Backfill> done) {
  auto deed = make_deed(options.by, Deed::On::nothing, "task.backfill", id);
  enqueue<Backfill>(
      engine, std::move(deed),
      [id = std::move(id), request, g = guarded(std::move(options.guard))](Ledger& ledger) {
        return backfill_task(ledger, id, request, g);
      },
      std::move(done));
}

const char* action_of(BulkVerb verb) {
  switch (verb) {
    case BulkVerb::cancel:
      return "run.cancel";
    case BulkVerb::remove:
      return "run.delete";
    case BulkVerb::retry:
    case BulkVerb::redrive:
      break;
  }
  return "run.retry";
}

void start_bulk(Engine& engine, BulkVerb verb, RunSelection which, CallOptions options, Reply<BulkRuns> done) {
  auto chosen = engine.readers().with<ChosenRuns>(
      [&](StoreReader& reader) { return choose_runs(reader, verb, std::move(which)); });
  if (!chosen) return done(chosen.error());
  auto deed = make_deed(options.by, Deed::On::nothing, action_of(verb), {});
  if (deed && !chosen->dry_run) deed->runs = chosen->ids;
  enqueue<BulkRuns>(
      engine, std::move(deed),
      [verb, c = std::move(*chosen), g = guarded(std::move(options.guard))](Ledger& ledger) {
        return do_bulk(ledger, verb, c, g);
      },
      std::move(done));
}

void start_put_calendar(Engine& engine, CalendarSpec spec, const ProvenancePtr& by, Reply<Calendar> done) {
  if (auto fine = check_calendar(spec); !fine) return done(fine.error());
  if (auto days = ClosedDays::parse(spec); !days) return done(days.error());
  auto deed = make_deed(by, Deed::On::calendar, "calendar.put", spec.name);
  enqueue<Calendar>(
      engine, std::move(deed), [s = std::move(spec)](Ledger& ledger) { return put_calendar(ledger, s); },
      std::move(done));
}

void start_put_queue(Engine& engine, QueueSpec spec, const ProvenancePtr& by, Reply<QueueSpec> done) {
  if (auto fine = check_queue(spec); !fine) return done(fine.error());
  auto deed = make_deed(by, Deed::On::queue, "queue.put", spec.name);
  enqueue<QueueSpec>(
      engine, std::move(deed), [s = std::move(spec)](Ledger& ledger) { return put_queue(ledger, s); }, std::move(done));
}

void start_nodes(Engine& engine, Reply<std::vector<Node>> done) {
  engine.lane().call<std::vector<Node>>([](Ledger& ledger) -> Result<std::vector<Node>> { return list_nodes(ledger); },
                                        std::move(done));
}

void start_remove_calendar(Engine& engine, std::string name, const ProvenancePtr& by, Reply<void> done) {
  auto deed = make_deed(by, Deed::On::calendar, "calendar.delete", name);
  enqueue<void>(
      engine, std::move(deed), [n = std::move(name)](Ledger& ledger) { return remove_calendar(ledger, n); },
      std::move(done));
}

void start_append_audit(Engine& engine, AuditEntry entry, Reply<void> done) {
  engine.lane().call<void>(
      [e = std::move(entry)](Ledger& ledger) mutable -> Result<void> {
        append_audit(ledger, std::move(e));
        return {};
      },
      std::move(done));
}

void start_wait(Engine& engine, const std::string& id, Duration timeout, Reply<Run> done) {
  const auto key = parse_run_id(id);
  if (!key) return done(no_such_run(id));
  engine.wait(*key, timeout, std::move(done));
}

template <class T, class Verb>
void start_verb(Engine& engine, Verb verb, Deed::On on, const char* action, std::string id, CallOptions options,
                Reply<T> done) {
  auto deed = make_deed(options.by, on, action, id);
  enqueue<T>(
      engine, std::move(deed),
      [verb, id = std::move(id), g = guarded(std::move(options.guard))](Ledger& ledger) { return verb(ledger, id, g); },
      std::move(done));
}

void start_cancel(Engine& engine, std::string id, CallOptions options, Reply<Task> done) {
  start_verb<Task>(engine, cancel_task, Deed::On::live_runs, "task.cancel", std::move(id), std::move(options),
                   std::move(done));
}

void start_cancel_run(Engine& engine, std::string id, CallOptions options, Reply<Run> done) {
  start_verb<Run>(engine, cancel_run, Deed::On::run, "run.cancel", std::move(id), std::move(options), std::move(done));
}

void start_retry_run(Engine& engine, std::string id, CallOptions options, Reply<Run> done) {
  start_verb<Run>(engine, retry_run, Deed::On::run, "run.retry", std::move(id), std::move(options), std::move(done));
}

void start_cancel_workflow(Engine& engine, std::string id, CallOptions options, Reply<WorkflowRun> done) {
  start_verb<WorkflowRun>(engine, cancel_workflow, Deed::On::workflow, "workflow.cancel", std::move(id),
                          std::move(options), std::move(done));
}

void start_retry_workflow(Engine& engine, std::string id, CallOptions options, Reply<WorkflowRun> done) {
  start_verb<WorkflowRun>(engine, retry_workflow, Deed::On::workflow, "workflow.retry", std::move(id),
                          std::move(options), std::move(done));
}

void start_pause(Engine& engine, std::string id, CallOptions options, bool pause, Reply<Task> done) {
  auto edit = [guard = std::move(options.guard), pause](const Task& current, TaskSpec& spec) -> Result<void> {
    if (guard) {
      if (auto allowed = guard(current); !allowed) return allowed;
    }
    spec.paused = pause;
    return {};
  };
  EditOptions edit_options;
  edit_options.by = std::move(options.by);
  // Whoever has too much may stop, though that adds a few bytes.
  start_update(engine, std::move(id), std::move(edit), std::move(edit_options), std::move(done),
               pause ? "task.pause" : "task.resume", Limits::none);
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
    start_execute(*engine_, execute_task, std::move(task_id), params, std::move(options), std::move(done));
  });
}
Result<Run> Scheduler::execute_workflow(std::string task_id, boost::json::value params, CallOptions options) {
  return block<Run>(*engine_, [&](Reply<Run> done) {
    start_execute(*engine_, taskcore::execute_workflow, std::move(task_id), params, std::move(options),
                  std::move(done));
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
  start_execute(*engine_, execute_task, std::move(task_id), params, std::move(options),
                reply_to<Run>(std::move(handler), engine_->executor()));
}
void Scheduler::begin_execute_workflow(std::string task_id, boost::json::value params, CallOptions options,
                                       Handler<Run> handler) {
  start_execute(*engine_, taskcore::execute_workflow, std::move(task_id), params, std::move(options),
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
