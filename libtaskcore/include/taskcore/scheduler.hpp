// The scheduler: the face of the library. A host gives it an executor and a store; it keeps tasks and runs them on
// time.
//
// Each verb has a blocking form that gives Result<T>, and an `async_` form that takes any Asio completion token for
// void(Result<T>). All of it is usable from any thread. A blocking call from a thread that runs the scheduler's
// executor gives `would_deadlock` (reads excepted: they never wait for the engine). Nothing is acknowledged before it
// is durable in the store.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "taskcore/audit.hpp"
#include "taskcore/bulk.hpp"
#include "taskcore/calendar.hpp"
#include "taskcore/event.hpp"
#include "taskcore/executor.hpp"
#include "taskcore/function.hpp"
#include "taskcore/metrics.hpp"
#include "taskcore/node.hpp"
#include "taskcore/options.hpp"
#include "taskcore/query.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/quota.hpp"
#include "taskcore/result.hpp"
#include "taskcore/run.hpp"
#include "taskcore/stats.hpp"
#include "taskcore/store.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

class Engine;

/// Asked inside the store's transaction before a verb acts; an error refuses it. It must be quick and must not call the
/// scheduler.
using TaskGuard = std::function<Result<void>(const Task& current)>;

/// Whether a call is allowed, and on whose behalf it is made. Stands wherever a guard does.
struct CallOptions {
  CallOptions() = default;
  // NOLINTBEGIN(google-explicit-constructor): a guard alone is the common case.
  template <class Guard>
  requires std::convertible_to<Guard, TaskGuard> CallOptions(Guard&& may) : guard(std::forward<Guard>(may)) {}
  // NOLINTEND(google-explicit-constructor)
  CallOptions(TaskGuard may, ProvenancePtr who) : guard(std::move(may)), by(std::move(who)) {}

  TaskGuard guard{};
  ProvenancePtr by{};
};

/// What `create` makes of a task that is there already. What it gives then is that task, with Task::existed set.
enum class OnConflict : std::uint8_t {
  reject,    ///< Nothing: it is the error `conflict`.
  keep,      ///< It stays as it is.
  update,    ///< It is brought to the new spec, as `ensure` does; its id stays.
  debounce,  ///< The same, and its schedule begins anew: "in 5 minutes" runs once there was no such call for 5 minutes.
};

/// Who makes a task, and what it may lean on.
struct CreateOptions {
  std::string created_by{};   ///< Stored with the task.
  TaskGuard may_depend_on{};  ///< Asked for each dependency; one that it refuses is unknown to the caller.
  TaskGuard may_notify{};     ///< Likewise for each task that a notification runs.
  /// For a task whose id is taken or whose unique key is held. None: `reject` for the id, `keep` for the key.
  std::optional<OnConflict> on_conflict{};
  TaskGuard may_reuse{};  ///< Asked before the task that has the id is given back or changed; else the id is taken.
  ProvenancePtr by{};
};

/// Conditions of an edit or a removal.
struct EditOptions {
  TaskGuard may_depend_on{};                 ///< As in CreateOptions, for dependencies that the edit adds.
  TaskGuard may_notify{};                    ///< Likewise, for the tasks that notifications run.
  std::optional<std::int64_t> if_version{};  ///< Refused with `conflict` when the task's version is another.
  bool force = false;  ///< Removal: although others depend on the task; their waiting runs are cancelled.
  ProvenancePtr by{};
};

/// Changes `spec` in place; an error refuses the edit and leaves the task as it is. It is called inside the store's
/// transaction, on the store's thread: it must be quick and must not call the scheduler.
using TaskEdit = std::function<Result<void>(const Task& current, TaskSpec& spec)>;

/// One run to make.
struct ExecuteRequest {
  std::string task_id;
  boost::json::value params{};  ///< At most 256 KiB as text; null: the task's own.
};

/// Which instants of a task's schedule are to be made up for: those in [from, to].
struct BackfillRequest {
  TimePoint from{};      ///< From 1970 on, not after `to`.
  TimePoint to{};        ///< Not in the future. At most 1,000 instants may lie between the two.
  bool dry_run = false;  ///< Only tell what would be made.
};

struct BackfillRun {
  std::string run_id{};  ///< Empty for a dry run.
  TimePoint scheduled_for{};
};

/// What a backfill made.
struct Backfill {
  std::vector<BackfillRun> runs{};  ///< Oldest first.
  std::size_t existing = 0;         ///< Instants that had their run already.
};

class Scheduler {
 public:
  template <class T>
  using Handler = boost::asio::any_completion_handler<void(Result<T>)>;

  /// `executor` carries the engine's own work, on a strand of its own; it must run until `stop` has returned.
  /// The store is opened by the scheduler's own thread at once; if that fails, every verb gives the error.
  Scheduler(boost::asio::any_io_executor executor, std::unique_ptr<Store> store, Options options = {});
  ~Scheduler();  ///< Stops without grace.
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Registers what tasks of type "custom" with this function name call: `(RunContext&, const json::value&)` or
  /// `(RunContext&, Params)`; see function.hpp. Replaces an earlier one of that name.
  template <class F>
  void function(std::string name, F callable) {
    add_function(std::move(name), detail::make_function(std::move(callable)));
  }
  void add_function(std::string name, Function function);

  /// Registers an executor for a type of task; before `start`.
  void executor(std::shared_ptr<Executor> executor);

  /// Begins to run what is due, after recovering what an earlier process left. Idempotent. Errors: those of the store.
  /// It returns before the first run starts.
  Result<void> start();

  /// Takes no more work, lets runs finish for `grace`, then ends them (`interrupted`; a later start runs them again),
  /// and closes the store. Idempotent, and legal before `start`. Blocks; `async_stop` does not.
  Result<void> stop(Duration grace = std::chrono::seconds(30));

  /// During a stop: do not wait for the rest of the grace.
  void hurry() noexcept;

  // Verbs that make or enlarge tasks, and those that make runs, have one error more where Options::quota is set:
  // `over_quota`; then they have done nothing.

  /// Makes a task, or gives the one that is there already as `on_conflict` says. Errors: `invalid`, `conflict` (the id
  /// is taken, or the unique key held), `cycle`.
  Result<Task> create(TaskSpec spec, CreateOptions options = {});
  /// Makes 1 to 10,000 tasks in one transaction, all or none, and gives them in the order of `specs`. They may depend
  /// on each other and notify each other by id, whichever comes first; of each other nobody is asked by `options`.
  /// A held unique key is a `conflict` here, whatever `on_conflict` says.
  /// Errors: those of `create`, of a count out of range, and of an id that is given twice (`invalid`). Their pointers
  /// begin with the task's index, as in "/3/name"; where the specs themselves are wrong, all that is wrong is told.
  Result<std::vector<Task>> create_all(std::vector<TaskSpec> specs, CreateOptions options = {});
  /// Makes the task `spec.id`, or brings the existing one to this spec. An equal spec changes nothing.
  Result<Task> ensure(TaskSpec spec, CreateOptions options = {});
  /// Edits a task. A changed schedule starts anew. Errors: `not_found`, `conflict`, `invalid`, `cycle`.
  Result<Task> update(std::string id, TaskEdit edit, EditOptions options = {});
  /// Deletes a task; its live runs are cancelled. Errors: `not_found`, `conflict`, `has_dependents`.
  Result<void> remove(std::string id, EditOptions options = {}, TaskGuard guard = {});

  /// Makes a run, now. Errors: `not_found`, `invalid`, `overloaded` (10,000 runs of the task are waiting).
  Result<Run> execute(std::string task_id, boost::json::value params = {}, CallOptions options = {});
  /// The same for the task and all that it depends on, however far (at most 10,000 tasks): one run each, in the order
  /// of the dependencies, as much side by side as the limits allow. They are one workflow run, known by the id of the
  /// run that is given; inside it edges are met by its own runs. `params` are the task's own. The guard is asked for
  /// each.
  Result<Run> execute_workflow(std::string task_id, boost::json::value params = {}, CallOptions options = {});
  /// Makes many runs in one transaction, all or none. Gives their ids in order.
  Result<std::vector<std::string>> submit(std::vector<ExecuteRequest> requests);
  /// Makes a run (trigger `backfill`) for each instant of the schedule in the range that has none; runs that retention
  /// took do not count. They go one after another, oldest first, unless the task's overlap is `allow`. Errors:
  /// `not_found`, `invalid` (a bad range, too many instants, a schedule without a grid), `overloaded` (10,000 runs of
  /// the task would wait); then none is made.
  Result<Backfill> backfill(std::string task_id, BackfillRequest request, CallOptions options = {});
  /// Waits for a run's end. Errors: `not_found`, `timeout`, `stopped`.
  Result<Run> wait(std::string run_id, Duration timeout = std::chrono::hours(24));

  /// Cancels the live runs of a task; one that is running is asked to stop. Nothing to cancel is no error.
  Result<Task> cancel(std::string task_id, CallOptions options = {});
  Result<Run> cancel_run(std::string run_id, CallOptions options = {});
  /// Makes a new run with the params of a settled one (trigger `retry_now`, `retry_of`), now. Errors: `not_found`,
  /// `conflict` (that run is live), `overloaded`.
  Result<Run> retry_run(std::string run_id, CallOptions options = {});
  /// Ends a run's wait for a signal: it is run again, now, with `payload` (at most 256 KiB as text) as
  /// RunContext::signal. A live run that does not wait yet keeps one signal, and then need not wait. Errors:
  /// `not_found`, `conflict` (it has ended, or has a signal that it has not used up), `invalid` (the payload).
  Result<Run> signal(std::string run_id, boost::json::value payload = {}, CallOptions options = {});

  // Calls on many runs, each in one transaction, all or nothing. A filter is read on the calling thread, as a listing
  // is; that its runs still stand so, and the guard, are asked in the transaction. The guard is asked once for each
  // task: the runs of one that it refuses are not matched, nor are runs that are not there or that the call is not for.
  // Errors of all: `invalid` (neither or both of filter and ids, the ids, the cursor), `not_found` (the filter's task).
  /// Cancels live runs of which that was not asked yet.
  Result<BulkRuns> cancel_runs(RunSelection which, CallOptions options = {});
  /// Repeats settled runs, however they ended, as `retry_run` does. Errors besides: `overloaded`; then none is made.
  Result<BulkRuns> retry_runs(RunSelection which, CallOptions options = {});
  /// The same for those that are dead letters.
  Result<BulkRuns> redrive(RunSelection which, CallOptions options = {});
  /// Removes settled runs with their logs. As with retention, a task's newest settled and newest completed run stay,
  /// and those of a workflow of which a run is live: they are matched, and not among those done. Dead letters that a
  /// removed run repeated do not come back.
  Result<BulkRuns> remove_runs(RunSelection which, CallOptions options = {});

  /// Cancels what is live of a workflow run.
  Result<WorkflowRun> cancel_workflow(std::string workflow_run_id, CallOptions options = {});
  /// Runs again, in it, what did not complete. Errors: `not_found`, `conflict` (it still goes on), `overloaded`.
  Result<WorkflowRun> retry_workflow(std::string workflow_run_id, CallOptions options = {});
  /// Stops schedule triggers of a task, until `resume`.
  Result<Task> pause(std::string task_id, CallOptions options = {});
  Result<Task> resume(std::string task_id, CallOptions options = {});

  /// Makes a calendar, or takes the place of the one of that name. The tasks that name it follow it from now on; what
  /// became due before is not affected. An equal one changes nothing. Errors: `invalid`; there are at most 1,000.
  Result<Calendar> put_calendar(CalendarSpec spec, ProvenancePtr by = {});
  /// Errors: `not_found`, `has_dependents` (tasks name it).
  Result<void> remove_calendar(std::string name, ProvenancePtr by = {});

  /// Sets the queue of that name: its limits, its rates, its pause. It holds for what starts from now on. Errors:
  /// `invalid`; at most 1,000 can be set.
  Result<QueueSpec> put_queue(QueueSpec spec, ProvenancePtr by = {});

  /// Appends a row to the audit trail that stands for no change of the scheduler's: a refused attempt, mostly. Its
  /// number, its time and its hash are given to it here.
  Result<void> append_audit(AuditEntry entry);

  /// The processes that work on the store, by name: this one, and on a shared store the others that have a lease or
  /// hold runs.
  Result<std::vector<Node>> nodes();

  // Reads: on the calling thread, from a snapshot that holds all that was acknowledged; they never wait for writers.
  Result<Task> get(std::string_view task_id) const;
  Result<Run> get_run(std::string_view run_id) const;
  Result<Page<Task>> list(const TaskQuery& query = {}) const;
  /// The ids of the tasks that depend on this one by themselves, in the order in which they were made, at most `limit`;
  /// where `visible_to` is set, only of those that this user created or is assigned to. Errors: `not_found`.
  Result<std::vector<std::string>> dependents(std::string_view task_id, std::string_view visible_to = {},
                                              std::size_t limit = 1000) const;
  Result<Page<Run>> runs(const RunQuery& query = {}) const;
  /// Runs that failed for good and that nobody has had run again since: a run that is made to repeat one takes it off
  /// this list, however that one ends and also when it is removed.
  Result<Page<Run>> dead_letters(RunQuery query = {}) const;
  Result<Page<LogEntry>> logs(const LogQuery& query) const;
  Result<WorkflowRun> get_workflow(std::string_view workflow_run_id) const;
  Result<Calendar> get_calendar(std::string_view name) const;
  Result<Page<Calendar>> calendars(const CalendarQuery& query = {}) const;
  /// The queues that were set, that the options name, or that have runs, by name. Takes longer the more runs wait.
  Result<std::vector<Queue>> queues() const;
  Result<Page<AuditEntry>> audit(const AuditQuery& query = {}) const;
  Result<Stats> stats(std::string_view visible_to = {}) const;
  /// What the tasks that `created_by` made take up, of what Options::quota limits. It looks at each of them.
  Result<Usage> usage(std::string_view created_by) const;
  /// The next `count` instants of a task's schedule; 1 to 10,000.
  Result<std::vector<TimePoint>> next(std::string_view task_id, std::size_t count = 5) const;
  /// Whether the store takes writes at present.
  bool ready() const noexcept;
  /// Why it does not: `storage_full`, `unavailable`, `corrupt`, `locked`, as the last try told, or `timeout`: it has
  /// been at one write for more than ten seconds. None while it does. Reads may go on all the same, and it is over by
  /// itself when the cause is.
  std::optional<Errc> trouble() const noexcept;
  /// What has been done since the scheduler was made, as of its last commit. Cheap, and of one moment but for
  /// Metrics::refused and lane_length.
  Metrics metrics() const;

  /// Calls `subscriber` after each commit, in commit order, and when an attempt tells its progress, on the scheduler's
  /// executor. Gives a token: when it is destroyed the calls end. Subscribers must be quick.
  [[nodiscard]] std::shared_ptr<void> on_event(std::function<void(const Event&)> subscriber);

  boost::asio::any_io_executor get_executor() const noexcept;
  const Options& options() const noexcept;

  /// For hosts that drive everything from one thread (testing/manual_host.hpp): blocking forms do the executor's work
  /// in place by calling `pump` until they have their answer, or until it gives false because nothing is left to do.
  void set_pump(std::function<bool()> pump);

  // The asynchronous forms. The handler is called on its associated executor, else on the scheduler's.
  template <class Token>
  auto async_start(Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<void>)>(
        [this](auto handler) { begin_start(std::move(handler)); }, token);
  }
  template <class Token>
  auto async_stop(Duration grace, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<void>)>(
        [this, grace](auto handler) { begin_stop(grace, std::move(handler)); }, token);
  }
  template <class Token>
  auto async_create(TaskSpec spec, CreateOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Task>)>(
        [this](auto handler, TaskSpec s, CreateOptions o) {
          begin_create(std::move(s), std::move(o), std::move(handler));
        },
        token, std::move(spec), std::move(options));
  }
  template <class Token>
  auto async_create_all(std::vector<TaskSpec> specs, CreateOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<std::vector<Task>>)>(
        [this](auto handler, std::vector<TaskSpec> s, CreateOptions o) {
          begin_create_all(std::move(s), std::move(o), std::move(handler));
        },
        token, std::move(specs), std::move(options));
  }
  template <class Token>
  auto async_ensure(TaskSpec spec, CreateOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Task>)>(
        [this](auto handler, TaskSpec s, CreateOptions o) {
          begin_ensure(std::move(s), std::move(o), std::move(handler));
        },
        token, std::move(spec), std::move(options));
  }
  template <class Token>
  auto async_update(std::string id, TaskEdit edit, EditOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Task>)>(
        [this](auto handler, std::string i, TaskEdit e, EditOptions o) {
          begin_update(std::move(i), std::move(e), std::move(o), std::move(handler));
        },
        token, std::move(id), std::move(edit), std::move(options));
  }
  template <class Token>
  auto async_remove(std::string id, EditOptions options, TaskGuard guard, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<void>)>(
        [this](auto handler, std::string i, EditOptions o, TaskGuard g) {
          begin_remove(std::move(i), std::move(o), std::move(g), std::move(handler));
        },
        token, std::move(id), std::move(options), std::move(guard));
  }
  template <class Token>
  auto async_execute(std::string task_id, boost::json::value params, CallOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Run>)>(
        [this](auto handler, std::string i, boost::json::value p, CallOptions o) {
          begin_execute(std::move(i), std::move(p), std::move(o), std::move(handler));
        },
        token, std::move(task_id), std::move(params), std::move(options));
  }
  template <class Token>
  auto async_execute_workflow(std::string task_id, boost::json::value params, CallOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Run>)>(
        [this](auto handler, std::string i, boost::json::value p, CallOptions o) {
          begin_execute_workflow(std::move(i), std::move(p), std::move(o), std::move(handler));
        },
        token, std::move(task_id), std::move(params), std::move(options));
  }
  template <class Token>
  auto async_submit(std::vector<ExecuteRequest> requests, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<std::vector<std::string>>)>(
        [this](auto handler, std::vector<ExecuteRequest> r) { begin_submit(std::move(r), std::move(handler)); }, token,
        std::move(requests));
  }
  template <class Token>
  auto async_backfill(std::string task_id, BackfillRequest request, CallOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Backfill>)>(
        [this, request](auto handler, std::string i, CallOptions o) {
          begin_backfill(std::move(i), request, std::move(o), std::move(handler));
        },
        token, std::move(task_id), std::move(options));
  }
  template <class Token>
  auto async_put_calendar(CalendarSpec spec, Token&& token) {
    return async_put_calendar(std::move(spec), ProvenancePtr(), std::forward<Token>(token));
  }
  template <class Token>
  auto async_put_calendar(CalendarSpec spec, ProvenancePtr by, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Calendar>)>(
        [this](auto handler, CalendarSpec s, ProvenancePtr b) {
          begin_put_calendar(std::move(s), std::move(b), std::move(handler));
        },
        token, std::move(spec), std::move(by));
  }
  template <class Token>
  auto async_remove_calendar(std::string name, Token&& token) {
    return async_remove_calendar(std::move(name), ProvenancePtr(), std::forward<Token>(token));
  }
  template <class Token>
  auto async_remove_calendar(std::string name, ProvenancePtr by, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<void>)>(
        [this](auto handler, std::string n, ProvenancePtr b) {
          begin_remove_calendar(std::move(n), std::move(b), std::move(handler));
        },
        token, std::move(name), std::move(by));
  }
  template <class Token>
  auto async_put_queue(QueueSpec spec, Token&& token) {
    return async_put_queue(std::move(spec), ProvenancePtr(), std::forward<Token>(token));
  }
  template <class Token>
  auto async_put_queue(QueueSpec spec, ProvenancePtr by, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<QueueSpec>)>(
        [this](auto handler, QueueSpec s, ProvenancePtr b) {
          begin_put_queue(std::move(s), std::move(b), std::move(handler));
        },
        token, std::move(spec), std::move(by));
  }
  template <class Token>
  auto async_append_audit(AuditEntry entry, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<void>)>(
        [this](auto handler, AuditEntry e) { begin_append_audit(std::move(e), std::move(handler)); }, token,
        std::move(entry));
  }
  template <class Token>
  auto async_nodes(Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<std::vector<Node>>)>(
        [this](auto handler) { begin_nodes(std::move(handler)); }, token);
  }
  template <class Token>
  auto async_wait(std::string run_id, Duration timeout, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Run>)>(
        [this, timeout](auto handler, std::string i) { begin_wait(std::move(i), timeout, std::move(handler)); }, token,
        std::move(run_id));
  }
  template <class Token>
  auto async_cancel(std::string task_id, CallOptions options, Token&& token) {
    return async_verb<Task>(&Scheduler::begin_cancel, std::move(task_id), std::move(options),
                            std::forward<Token>(token));
  }
  template <class Token>
  auto async_pause(std::string task_id, CallOptions options, Token&& token) {
    return async_verb<Task>(&Scheduler::begin_pause, std::move(task_id), std::move(options),
                            std::forward<Token>(token));
  }
  template <class Token>
  auto async_resume(std::string task_id, CallOptions options, Token&& token) {
    return async_verb<Task>(&Scheduler::begin_resume, std::move(task_id), std::move(options),
                            std::forward<Token>(token));
  }
  template <class Token>
  auto async_cancel_run(std::string run_id, CallOptions options, Token&& token) {
    return async_verb<Run>(&Scheduler::begin_cancel_run, std::move(run_id), std::move(options),
                           std::forward<Token>(token));
  }
  template <class Token>
  auto async_retry_run(std::string run_id, CallOptions options, Token&& token) {
    return async_verb<Run>(&Scheduler::begin_retry_run, std::move(run_id), std::move(options),
                           std::forward<Token>(token));
  }
  template <class Token>
  auto async_signal(std::string run_id, boost::json::value payload, CallOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<Run>)>(
        [this](auto handler, std::string i, boost::json::value p, CallOptions o) {
          begin_signal(std::move(i), std::move(p), std::move(o), std::move(handler));
        },
        token, std::move(run_id), std::move(payload), std::move(options));
  }
  template <class Token>
  auto async_cancel_runs(RunSelection which, CallOptions options, Token&& token) {
    return async_bulk(BulkVerb::cancel, std::move(which), std::move(options), std::forward<Token>(token));
  }
  template <class Token>
  auto async_retry_runs(RunSelection which, CallOptions options, Token&& token) {
    return async_bulk(BulkVerb::retry, std::move(which), std::move(options), std::forward<Token>(token));
  }
  template <class Token>
  auto async_redrive(RunSelection which, CallOptions options, Token&& token) {
    return async_bulk(BulkVerb::redrive, std::move(which), std::move(options), std::forward<Token>(token));
  }
  template <class Token>
  auto async_remove_runs(RunSelection which, CallOptions options, Token&& token) {
    return async_bulk(BulkVerb::remove, std::move(which), std::move(options), std::forward<Token>(token));
  }
  template <class Token>
  auto async_cancel_workflow(std::string id, CallOptions options, Token&& token) {
    return async_verb<WorkflowRun>(&Scheduler::begin_cancel_workflow, std::move(id), std::move(options),
                                   std::forward<Token>(token));
  }
  template <class Token>
  auto async_retry_workflow(std::string id, CallOptions options, Token&& token) {
    return async_verb<WorkflowRun>(&Scheduler::begin_retry_workflow, std::move(id), std::move(options),
                                   std::forward<Token>(token));
  }

 private:
  template <class T>
  using Verb = void (Scheduler::*)(std::string, CallOptions, Handler<T>);
  template <class T, class Token>
  auto async_verb(Verb<T> verb, std::string id, CallOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<T>)>(
        [this, verb](auto handler, std::string i, CallOptions o) {
          (this->*verb)(std::move(i), std::move(o), std::move(handler));
        },
        token, std::move(id), std::move(options));
  }
  template <class Token>
  auto async_bulk(BulkVerb verb, RunSelection which, CallOptions options, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<BulkRuns>)>(
        [this, verb](auto handler, RunSelection w, CallOptions o) {
          begin_bulk(verb, std::move(w), std::move(o), std::move(handler));
        },
        token, std::move(which), std::move(options));
  }
  void begin_start(Handler<void> handler);
  void begin_stop(Duration grace, Handler<void> handler);
  void begin_create(TaskSpec&& spec, CreateOptions&& options, Handler<Task> handler);
  void begin_create_all(std::vector<TaskSpec> specs, CreateOptions options, Handler<std::vector<Task>> handler);
  void begin_ensure(TaskSpec&& spec, CreateOptions&& options, Handler<Task> handler);
  void begin_update(std::string id, TaskEdit edit, EditOptions options, Handler<Task> handler);
  void begin_remove(std::string id, EditOptions options, TaskGuard guard, Handler<void> handler);
  void begin_execute(std::string task_id, boost::json::value params, CallOptions options, Handler<Run> handler);
  void begin_execute_workflow(std::string task_id, boost::json::value params, CallOptions options,
                              Handler<Run> handler);
  void begin_submit(std::vector<ExecuteRequest> requests, Handler<std::vector<std::string>> handler);
  void begin_backfill(std::string task_id, BackfillRequest request, CallOptions options, Handler<Backfill> handler);
  void begin_put_calendar(CalendarSpec spec, ProvenancePtr by, Handler<Calendar> handler);
  void begin_put_queue(QueueSpec spec, ProvenancePtr by, Handler<QueueSpec> handler);
  void begin_remove_calendar(std::string name, ProvenancePtr by, Handler<void> handler);
  void begin_append_audit(AuditEntry entry, Handler<void> handler);
  void begin_nodes(Handler<std::vector<Node>> handler);
  void begin_wait(std::string run_id, Duration timeout, Handler<Run> handler);
  void begin_cancel(std::string task_id, CallOptions options, Handler<Task> handler);
  void begin_cancel_run(std::string run_id, CallOptions options, Handler<Run> handler);
  void begin_retry_run(std::string run_id, CallOptions options, Handler<Run> handler);
  void begin_signal(std::string run_id, boost::json::value payload, CallOptions options, Handler<Run> handler);
  void begin_bulk(BulkVerb verb, RunSelection which, CallOptions options, Handler<BulkRuns> handler);
  Result<BulkRuns> bulk(BulkVerb verb, RunSelection which, CallOptions options);
  void begin_cancel_workflow(std::string id, CallOptions options, Handler<WorkflowRun> handler);
  void begin_retry_workflow(std::string id, CallOptions options, Handler<WorkflowRun> handler);
  void begin_pause(std::string task_id, CallOptions options, Handler<Task> handler);
  void begin_resume(std::string task_id, CallOptions options, Handler<Task> handler);

  std::shared_ptr<Engine> engine_;
};

}  // namespace taskcore
