#include "engine/verbs.hpp"

#include "engine/audit.hpp"
#include "engine/backfill.hpp"
#include "engine/bulk.hpp"
#include "engine/calendars.hpp"
#include "engine/create_all.hpp"
#include "engine/deed.hpp"
#include "engine/nodes.hpp"
#include "engine/prepare.hpp"
#include "engine/queues.hpp"
#include "engine/quota.hpp"
#include "engine/runs.hpp"
#include "engine/selection.hpp"
#include "engine/tasks.hpp"
#include "engine/workflow.hpp"
#include "model/ids.hpp"
#include "model/validation.hpp"
#include "schedule/closed_days.hpp"

namespace taskcore {
namespace {

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

/// Apart from its request, which carries the answer as well: malloc is slow with more than 1 KiB.
using Creation = std::pair<Prepared, CreateOptions>;

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

void enqueue_update(Engine& engine, std::string id, TaskEdit edit, EditOptions options, Reply<Task> done,
                    const char* action, Limits limits) {
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

/// `verb` is execute_task or execute_workflow.
template <class Verb>
void enqueue_execute(Engine& engine, Verb verb, std::string id, const boost::json::value& params, CallOptions options,
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

template <class T, class Verb>
void enqueue_verb(Engine& engine, Verb verb, Deed::On on, const char* action, std::string id, CallOptions options,
                  Reply<T> done) {
  auto deed = make_deed(options.by, on, action, id);
  enqueue<T>(
      engine, std::move(deed),
      [verb, id = std::move(id), g = guarded(std::move(options.guard))](Ledger& ledger) { return verb(ledger, id, g); },
      std::move(done));
}

}  // namespace

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
      [creation = std::make_unique<Creation>(std::move(*prepared), guarded(std::move(options))),
       ensure](Ledger& ledger) {
        auto& [task, o] = *creation;
        return ensure ? ensure_task(ledger, std::move(task), o) : create_task(ledger, std::move(task), o);
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

void start_update(Engine& engine, std::string id, TaskEdit edit, EditOptions options, Reply<Task> done) {
  enqueue_update(engine, std::move(id), std::move(edit), std::move(options), std::move(done), "task.update",
                 Limits::apply);
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

void start_execute(Engine& engine, std::string id, const boost::json::value& params, CallOptions options,
                   Reply<Run> done) {
  enqueue_execute(engine, execute_task, std::move(id), params, std::move(options), std::move(done));
}

void start_execute_workflow(Engine& engine, std::string id, const boost::json::value& params, CallOptions options,
                            Reply<Run> done) {
  enqueue_execute(engine, execute_workflow, std::move(id), params, std::move(options), std::move(done));
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

void start_cancel(Engine& engine, std::string id, CallOptions options, Reply<Task> done) {
  enqueue_verb<Task>(engine, cancel_task, Deed::On::live_runs, "task.cancel", std::move(id), std::move(options),
                     std::move(done));
}

void start_cancel_run(Engine& engine, std::string id, CallOptions options, Reply<Run> done) {
  enqueue_verb<Run>(engine, cancel_run, Deed::On::run, "run.cancel", std::move(id), std::move(options),
                    std::move(done));
}

void start_retry_run(Engine& engine, std::string id, CallOptions options, Reply<Run> done) {
  enqueue_verb<Run>(engine, retry_run, Deed::On::run, "run.retry", std::move(id), std::move(options), std::move(done));
}

void start_cancel_workflow(Engine& engine, std::string id, CallOptions options, Reply<WorkflowRun> done) {
  enqueue_verb<WorkflowRun>(engine, cancel_workflow, Deed::On::workflow, "workflow.cancel", std::move(id),
                            std::move(options), std::move(done));
}

void start_retry_workflow(Engine& engine, std::string id, CallOptions options, Reply<WorkflowRun> done) {
  enqueue_verb<WorkflowRun>(engine, retry_workflow, Deed::On::workflow, "workflow.retry", std::move(id),
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
  enqueue_update(engine, std::move(id), std::move(edit), std::move(edit_options), std::move(done),
                 pause ? "task.pause" : "task.resume", Limits::none);
}

}  // namespace taskcore
