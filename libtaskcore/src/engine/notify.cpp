#include "engine/notify.hpp"

#include "engine/prepare.hpp"
#include "engine/quota.hpp"
#include "engine/runs.hpp"
#include "engine/spread.hpp"
#include "engine/tasks.hpp"
#include "engine/views.hpp"
#include "executors/utf8.hpp"
#include "model/codec.hpp"
#include "model/json_text.hpp"
#include "model/notify_json.hpp"
#include "model/placeholders.hpp"
#include "taskcore/json.hpp"

namespace taskcore {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxRunBytes = 24 * 1024;
constexpr std::size_t kMaxName = 200;
/// For the run of the schedule before this one, runs by hand between them included.
constexpr std::size_t kRunsLookedAt = 10;
constexpr std::size_t kMaxMessage = 2000;

/// How the newest run before this one ended that was not cancelled; none: there is none.
std::optional<RunState> last_outcome(Ledger& ledger, const Entry& entry, RunKey run) {
  if (entry.row.state.last_settled == 0) return std::nullopt;
  if (entry.row.state.last_status == Status::completed) return RunState::completed;
  if (entry.row.state.last_status == Status::failed) return RunState::failed;
  RunQuery query;
  query.status = {Status::completed, Status::failed};
  query.limit = 2;
  for (const RunRow& row : check(ledger.store().page_runs(entry.row.key, query)).items) {
    if (row.id != run) return row.state;
  }
  return std::nullopt;
}

/// Large runs, and those that nest too deep, are told of in short.
json::value message(NotifyOn on, const Entry& entry, const RunRow& row) {
  const Run made = make_run(row, entry.row.id);
  json::object run = to_json(made);
  if (json_flaw(json::object{{"body", {{"run", run}}}}, "") || is_longer_than(run, kMaxRunBytes)) {
    for (const char* large : {"result", "params", "attempts", "error"}) run[large] = nullptr;
    if (made.error) {
      run["error"] = {{"code", made.error->code.substr(0, kMaxName)},
                      {"message", made.error->message.substr(0, cut_utf8(made.error->message, kMaxMessage))}};
    }
  }
  return {
      {"event", to_string(on)}, {"task", {{"id", entry.row.id}, {"name", entry.row.name}}}, {"run", std::move(run)}};
}

/// An executor's check that throws must not keep the end of a run from being written.
Result<Prepared> prepare_guarded(Ledger& ledger, TaskSpec spec) try {
  return prepare(std::move(spec), ledger.options(), ledger.registry(), ledger.now());
} catch (const std::exception& error) {
  return fail(Errc::invalid, error.what());
}

/// A call is a task of its own that runs once: it has a log, retries, and goes when it is old.
Result<void> make_call(Ledger& ledger, const Entry& entry, const Notification& one, json::value what) {
  TaskSpec spec;
  spec.name = "Notification: " + entry.row.name;
  if (spec.name.size() > kMaxName) spec.name = "Notification of " + entry.row.id;
  spec.config = one.call;
  const char* field = one.call.type == "custom" ? "params" : "body";
  // What a run has said is told as it is, whatever it looks like.
  if (!spec.config.values.contains(field)) spec.config.values[field] = never_filled(std::move(what));
  spec.schedule = "now";
  spec.tags = {"notification"};
  spec.assigned_to = entry.row.assigned_to;
  auto prepared = prepare_guarded(ledger, std::move(spec));
  if (!prepared) return prepared.error();
  CreateOptions options;
  options.created_by = entry.row.created_by;
  const auto made = create_task(ledger, std::move(*prepared), options);
  if (!made) return made.error();
  return {};
}

Result<void> run_task(Ledger& ledger, const Notification& one, const json::value& what) {
  auto params = encode_params(what);
  if (!params) return params.error();
  const auto run = execute_task(ledger, {one.task, std::move(*params)}, nullptr);
  if (!run) return run.error();
  return {};
}

void tell_one(Ledger& ledger, const Entry& entry, const Notification& one, const RunRow& row) {
  const QuotaScope unlimited(ledger, std::nullopt);  // whose call ended the run does not matter
  json::value what = message(one.on, entry, row);
  const auto told = one.task.empty() ? make_call(ledger, entry, one, std::move(what)) : run_task(ledger, one, what);
  if (told) return;
  const std::string_view event = one.on == NotifyOn::late ? "late start" : to_string(one.on);
  ledger.log(entry, &row, LogLevel::warn,
             "nobody could be told of the " + std::string(event) + ": " + told.error().detail);
}

void tell(Ledger& ledger, Entry& entry, NotifyOn on, const RunRow& row) {
  const auto definition = entry.definition;  // what follows may read tasks anew
  for (const Notification& one : definition->spec().notify) {
    if (one.on == on) tell_one(ledger, entry, one, row);
  }
}

/// How much later than the schedule says a run of it began, for the oldest instant that it stands for; none: it is not
/// one of those, or has not begun.
std::optional<Duration> lateness(const Entry& entry, const RunRow& run) {
  if (run.trigger != Trigger::schedule || !run.scheduled_for || !run.started_at) return std::nullopt;
  const Definition& definition = *entry.definition;
  const Duration spread =
      start_delay(entry.row.id, definition.spec().schedule_jitter, definition.schedule, *run.scheduled_for);
  return *run.started_at - run.missed_from.value_or(*run.scheduled_for) - spread;
}

/// Of the newest run of the schedule that began before this one.
std::optional<Duration> lateness_before(Ledger& ledger, const Entry& entry, RunKey run) {
  RunQuery query;
  query.limit = kRunsLookedAt;
  for (const RunRow& row : check(ledger.store().page_runs(entry.row.key, query)).items) {
    if (row.id >= run) continue;
    if (const auto late = lateness(entry, row)) return late;
  }
  return std::nullopt;
}

}  // namespace

Result<void> check_notified(Ledger& ledger, const TaskSpec& spec, const KnownTask& known, const TaskGuard& may_notify) {
  for (std::size_t i = 0; i < spec.notify.size(); ++i) {
    const std::string& id = spec.notify[i].task;
    if (id.empty() || (known && known(id))) continue;
    Entry* entry = ledger.find(id);
    if (entry != nullptr && (!may_notify || may_notify(view_task(ledger, *entry)))) continue;
    return invalid(notify_pointer(spec.notify, i) + "/task", "there is no task '" + id + "'");
  }
  return {};
}

void notify_end(Ledger& ledger, Entry& entry, const RunRow& run) {
  if (entry.definition->spec().notify.empty() || entry.row.deleted) return;
  if (run.state == RunState::failed && last_outcome(ledger, entry, run.id) != RunState::failed) {
    tell(ledger, entry, NotifyOn::failure, run);
  }
  if (run.state == RunState::completed && last_outcome(ledger, entry, run.id) == RunState::failed) {
    tell(ledger, entry, NotifyOn::recovery, run);
  }
}

bool tells_of_begin(const TaskSpec& spec, const RunRow& run) noexcept {
  const bool first = run.attempt <= 1;  // 0 is that of a run that is made into items
  return first && run.item_of == 0 && run.trigger == Trigger::schedule &&
         std::any_of(spec.notify.begin(), spec.notify.end(),
                     [](const Notification& one) { return one.on == NotifyOn::late; });
}

bool notify_begin(Ledger& ledger, Entry& entry, const RunRow& run) {
  const auto late = lateness(entry, run);
  if (!late || entry.row.deleted) return false;
  const auto definition = entry.definition;
  std::optional<Duration> before;
  bool told = false;
  for (const Notification& one : definition->spec().notify) {
    if (one.on != NotifyOn::late || *late <= one.after) continue;
    if (!before) before = lateness_before(ledger, entry, run.id).value_or(Duration(0));
    if (*before > one.after) continue;
    tell_one(ledger, entry, one, run);
    told = true;
  }
  return told;
}

}  // namespace taskcore
