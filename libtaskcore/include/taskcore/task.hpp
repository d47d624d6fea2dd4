// A task: the definition that a user gives (TaskSpec) and where it stands (Task). Plain values; the rules are checked
// by the scheduler.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "taskcore/calendar.hpp"
#include "taskcore/retry.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// Where a task or a run stands.
enum class Status : std::uint8_t { pending, running, completed, failed, cancelled };

/// Order within a queue. Low never starves: of 20 claims 14 are high's, 5 normal's, 1 low's.
enum class Priority : std::uint8_t { low, normal, high };

/// What happens to instants that passed without becoming runs (process down, machine suspended, clock set).
enum class Misfire : std::uint8_t {
  run_once,  ///< One run, for the newest of them.
  skip,      ///< None; they are recorded as skipped.
  run_all,   ///< One run each, oldest first, at most `catch_up_limit`.
};

/// What happens when an instant is due while a run of the task is live.
enum class Overlap : std::uint8_t {
  skip,             ///< The instant is recorded as skipped.
  queue,            ///< One run waits behind the live one.
  allow,            ///< Runs go side by side.
  cancel_previous,  ///< The live one is cancelled.
};

/// What becomes of a run whose process died.
enum class Recovery : std::uint8_t {
  retry,  ///< It runs again: at least once.
  fail,   ///< It ends failed: at most once.
};

/// When the dependencies of a waiting run are met. What counts of an upstream is its newest run that has ended, and
/// only when none of its runs is live that is due at or before the waiting one; a cancelled run counts as failed.
enum class TriggerRule : std::uint8_t {
  all_completed,  ///< Each upstream completed.
  all_finished,   ///< Each ended, however.
  any_completed,  ///< One completed.
  any_failed,     ///< One failed. When all completed instead, the run is not needed and ends cancelled.
};

/// What becomes of a waiting run whose rule can no longer hold as its upstreams stand.
enum class OnDependencyFailure : std::uint8_t {
  wait,    ///< It waits until an upstream has run anew.
  cancel,  ///< It ends cancelled, for which those that depend on it count it as failed.
  run,     ///< It goes all the same.
};

std::string_view to_string(Status value) noexcept;
std::string_view to_string(Priority value) noexcept;
std::string_view to_string(Misfire value) noexcept;
std::string_view to_string(Overlap value) noexcept;
std::string_view to_string(OnClosedDay value) noexcept;
std::string_view to_string(Recovery value) noexcept;
std::string_view to_string(TriggerRule value) noexcept;
std::string_view to_string(OnDependencyFailure value) noexcept;

/// What a task does: the executor's type and the configuration that this executor validates.
/// Make one with `script`, `call` or a host's own executor's name.
///
/// Texts in `values`, at any depth, may hold placeholders, which are filled when an attempt begins: `${params}` and
/// `${params.a.0}` by the run's params, `${dependencies.ID.result}`, `${dependencies.ID.result.a.0}` and
/// `${dependencies.ID.runId}` by what RunContext::dependencies gives, `${secret.NAME}` by Options::secrets. A text that
/// is one placeholder becomes the value itself; inside a longer text a value stands as JSON, a string as it is. What
/// was filled in is not filled again. `$${params.a}` stands for the text `${params.a}`; other text such as `${HOME}`
/// stays.
struct TaskConfig {
  std::string type = "custom";   ///< `[A-Za-z0-9_.:-]{1,64}`.
  boost::json::object values{};  ///< At most 64 KiB as JSON text, filled 1 MiB, and 32 levels deep.
};

/// Runs a program. `args` never pass a shell unless `shell` is set, which hands command and arguments,
/// joined by single blanks, to `/bin/sh -c`.
struct Script {
  std::string command;
  std::vector<std::string> args{};
  std::string cwd{};
  std::vector<std::pair<std::string, std::string>> env{};
  std::string stdin_text{};
  bool shell = false;
  std::vector<int> no_retry_exit_codes{};
};

/// The configuration of a script task.
TaskConfig script(const Script& what);

/// Calls a server over HTTP and takes its answer as the result: {"status", "headers", "body"}. Needs taskcore::http.
struct ApiCall {
  std::string url;  ///< http:// or https://.
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers{};
  boost::json::value body{};               ///< A string goes as it is, anything else as JSON; null: none.
  std::string bearer{};                    ///< A token for Authorization; empty: none.
  std::optional<Duration> timeout{};       ///< Of the whole call, 1 ms to 30 days; none: the task's alone.
  std::vector<int> expect_status{};        ///< Which statuses are a success; none: 200 to 299.
  std::optional<bool> follow_redirects{};  ///< Up to ten; none: yes.
};

/// Tells a server of something: a POST of JSON with webhook-id, the run's id, the same for each attempt.
struct Webhook {
  std::string url;
  boost::json::value body{};  ///< Null: {}.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::vector<std::string> secrets{};  ///< "whsec_…": signs by each (Standard Webhooks 1.0).
};

/// The configurations of such tasks.
TaskConfig api_call(const ApiCall& what);
TaskConfig webhook(const Webhook& what);

/// The configuration of a task that calls a function of the host by name.
TaskConfig call(std::string function, boost::json::object params = {});

/// The same, with the parameters written in place: `call("greet", {{"name", "world"}})`.
TaskConfig call(std::string function,
                std::initializer_list<std::pair<boost::json::string_view, boost::json::value_ref>> params);

/// What is worth telling.
enum class NotifyOn : std::uint8_t {
  failure,   ///< A run failed, and the one before had not. Cancelled runs do not count.
  recovery,  ///< A run completed, and the one before had failed.
  late,      ///< A run of the schedule began later than it should, and the one before had not.
};
std::string_view to_string(NotifyOn value) noexcept;

/// Tells of it by a run: {"event", "task": {"id", "name"}, "run": {…}} are its params, or the body of the call. It is
/// made in the transaction in which the thing happens, and is tried again as any run.
struct Notification {
  NotifyOn on = NotifyOn::failure;
  std::string task{};     ///< The id of the task to run; empty: `call` is made.
  TaskConfig call{};      ///< Such as `webhook(…)`: a task of its own that runs once. A body that it has is kept.
  Duration after{60000};  ///< `late`: how much later than its instant, 0 to 30 days; of several that it makes up for,
                          ///< the oldest. Told when the run begins.

  bool operator==(const Notification& other) const {
    return on == other.on && task == other.task && call.type == other.call.type && call.values == other.call.values &&
           after == other.after;
  }
};

/// What a user says of a task. Only `name` is needed.
///
/// `max_runs` counts the runs that the schedule made, those of a catch-up too; not skipped instants, nor runs by hand
/// and backfills. When they are used up the task has no next instant. An edited schedule counts from 0; a raised
/// `max_runs` goes on at the next instant.
///
/// `schedule_jitter` spreads tasks that are due at one moment: a run begins a fixed time after its instant, told by a
/// hash of the task's id, from 0 up to the jitter and always before the schedule's next instant. The instants stay as
/// they are, `scheduled_for` too; an instant that was missed is made up for at once.
struct TaskSpec {
  std::string id{};                     ///< `[A-Za-z0-9_.:-]{1,128}`, not "stats"; empty: a UUIDv7 is made.
  std::string name;                     ///< 1 to 200 characters, not all blank; no control characters.
  std::string description{};            ///< Up to 10,000 characters.
  TaskConfig config{};                  ///< Without function: a no-op, a join point.
  std::string schedule{};               ///< See Schedule::parse; empty is "manual". Up to 1,000 characters.
  std::string timezone{};               ///< IANA name; empty: the scheduler's default.
  std::optional<TimePoint> start_at{};  ///< No instant before it.
  std::optional<TimePoint> end_at{};    ///< No instant after it.
  std::optional<int> max_runs{};        ///< Runs that the schedule makes at most: 1 to 1,000,000,000; none: no bound.
  std::string calendar{};               ///< A named calendar (Scheduler::put_calendar); empty: none.
  OnClosedDay on_closed_day = OnClosedDay::skip;
  Duration schedule_jitter{};  ///< Below it lies how much later each run begins: 0 to 24 hours.
  Priority priority = Priority::normal;
  std::vector<std::string> dependencies{};  ///< Ids of the tasks that it waits for; up to 100.
  TriggerRule trigger_rule = TriggerRule::all_completed;
  OnDependencyFailure on_dependency_failure = OnDependencyFailure::wait;
  /// A run makes one run for each of these, and ends when the last of them has: a list of up to 1,000 items, at most
  /// 256 KiB as text, or a text that is one placeholder of the run's params or of a dependency and gives such a list.
  /// Each item's run has the params of the whole with `item` and `index`, from 0, besides. Null: none.
  boost::json::value for_each{};
  std::optional<int> max_retries{};  ///< 0 to 1000; none: the scheduler's default.
  RetryPolicy retry{};
  std::optional<Duration> timeout{};  ///< For each attempt, 1 ms to 30 days; none: the scheduler's default.
  Misfire misfire = Misfire::run_once;
  int catch_up_limit = 100;                  ///< For `run_all`: 1 to 10,000.
  std::optional<Duration> start_deadline{};  ///< An instant later than this is skipped: 1 ms to 365 days.
  Overlap overlap = Overlap::skip;
  Recovery recovery = Recovery::retry;
  int max_lost = 3;               ///< Losses (the process died) after which a run fails: 1 to 100.
  Duration kill_grace{2000};      ///< Between SIGTERM and SIGKILL: 0 to 10 minutes.
  std::string queue = "default";  ///< `[A-Za-z0-9_.:-]{1,64}`; see queue.hpp.
  /// Runs with the same key take turns: as many at a time as their queue's `key_limit`, one unless it says otherwise,
  /// of whatever task and queue. Up to 200 characters; empty: none. A run keeps the key that it was made with.
  std::string concurrency_key{};
  /// Of the tasks of one creator with the same key one holds it at a time: while it has a live run or a next instant,
  /// or has never run. CreateOptions::on_conflict says what becomes of another one that is made meanwhile. Up to 200
  /// characters; empty: none.
  std::string unique_key{};
  std::vector<std::string> tags{};         ///< Up to 50, of up to 100 characters.
  std::vector<std::string> assigned_to{};  ///< Users who may see and run it; up to 100, of up to 256 characters.
  std::vector<Notification> notify{};      ///< Who is told of what becomes of it; up to 10.
  bool paused = false;
};

/// A stored task: its spec with every default filled in, and the scheduler's own fields.
struct Task : TaskSpec {
  Status status = Status::pending;
  std::string created_by{};
  TimePoint created_at{};
  TimePoint updated_at{};
  std::int64_t version = 1;                ///< Grows by one with each edit.
  std::optional<TimePoint> next_run_at{};  ///< The next instant of the schedule; none while paused.
  std::optional<TimePoint> retry_at{};     ///< When the failed attempt of a live run is tried again.
  /// Upstreams that the waiting run waits for; of a task that runs after its dependencies, when some of them have run
  /// anew, those that it waits for.
  std::vector<std::string> waiting_on{};
  std::string last_run_id{};  ///< The newest run; empty before the first.
  bool existed = false;       ///< As what `create` gives: it was there already. See OnConflict.
};

}  // namespace taskcore
