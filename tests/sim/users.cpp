#include "sim/users.hpp"

#include <algorithm>

#include "model/codec.hpp"
#include "model/ids.hpp"
#include "sim/specs.hpp"

namespace taskcore::sim {

void Users::refused(const char* verb, const Error& error) {
  trace_.note(std::string(verb) + " refused: " + std::string(to_string(error.code)));
  const bool injected = error.detail.starts_with(kInjected);
  const bool ours = error.code == Errc::corrupt || error.code == Errc::internal || error.code == Errc::would_deadlock;
  const bool stores = error.code == Errc::unavailable || error.code == Errc::storage_full;
  if (ours || (stores && !injected)) trace_.violation(std::string(verb) + " gave " + error.detail);
}

std::string Users::some_id() { return ids_.empty() ? "nobody" : chance_.pick(ids_); }

std::string Users::some_run() {
  const auto& runs = shadow_.runs();
  if (runs.empty()) return run_id(1);
  const auto at =
      runs.lower_bound(static_cast<RunKey>(chance_.below(static_cast<std::uint64_t>(runs.rbegin()->first) + 1)));
  return run_id(at->first);
}

void Users::ask(Scheduler& scheduler) {
  switch (chance_.below(26)) {
    case 0:
    case 1:
      return create(scheduler);
    case 2:
      return chance_.one_in(3) ? create_all(scheduler) : create(scheduler);
    case 3:
      return unless_left_out(Spice::edit, &Users::ensure, scheduler);
    case 4:
    case 5:
      return unless_left_out(Spice::edit, &Users::update, scheduler);
    case 6:
      if (chance_.one_in(2)) return create(scheduler);
      return unless_left_out(Spice::remove, &Users::remove, scheduler);
    case 7:
    case 8:
      return unless_left_out(Spice::run, &Users::submit, scheduler);
    case 9:
    case 10:
      return unless_left_out(Spice::cancel, &Users::cancel, scheduler);
    case 11:
    case 12:
      return unless_left_out(Spice::wait, &Users::wait, scheduler);
    case 13:
    case 14:
    case 15:
      return unless_left_out(Spice::pause, &Users::pause, scheduler);
    case 16:
    case 17:
    case 18:
      return unless_left_out(Spice::read, &Users::read, scheduler);
    case 19:
      if (chance_.one_in(3)) return unless_left_out(Spice::edit, &Users::put_queue, scheduler);
      if (!chance_.one_in(4)) return unless_left_out(Spice::edit, &Users::put_calendar, scheduler);
      return unless_left_out(Spice::remove, &Users::remove_calendar, scheduler);
    default:
      return unless_left_out(Spice::run, &Users::execute, scheduler);
  }
}

void Users::unless_left_out(Spice spice, void (Users::*verb)(Scheduler&), Scheduler& scheduler) {
  if (setup_.has(spice)) (this->*verb)(scheduler);
}

// Tasks.

void Users::pause(Scheduler& scheduler) {
  if (chance_.one_in(3))
    return scheduler.async_pause(some_id(), {}, [this](Result<Task> answer) { expect_task("pause", answer); });
  scheduler.async_resume(some_id(), {}, [this](Result<Task> answer) { expect_task("resume", answer); });
}

void Users::expect_task(const char* verb, const Result<Task>& answer) {
  if (!heard(verb, answer)) return;
  const std::string spec = shadow_.spec_of(answer->id, answer->version);
  if (spec.empty()) {  // never seen alone: a later edit, or the task's removal, shared its commit
    const TaskRow* row = shadow_.find_task(answer->id);
    if (row != nullptr && row->version < answer->version && !shadow_.has_gone(answer->id))
      trace_.violation(std::string(verb) + " was not durable: " + answer->id);
    return;
  }
  if (decode_spec(spec).value().spec.description != answer->description &&
      !shadow_.had_spec(answer->id, answer->version, answer->description)) {
    trace_.violation(std::string(verb) + " answered what is not in the store: " + answer->id);
  }
}

void Users::create(Scheduler& scheduler) {
  TaskSpec spec = some_spec(chance_, ids_, clock_.now(), next_mark());
  if (!chance_.one_in(5)) spec.id = "t" + std::to_string(++made_);
  if (!spec.id.empty()) ids_.push_back(spec.id);
  CreateOptions options;
  if (!spec.unique_key.empty() && chance_.one_in(2))
    options.on_conflict = chance_.of({OnConflict::reject, OnConflict::update, OnConflict::debounce});
  scheduler.async_create(std::move(spec), std::move(options),
                         [this](Result<Task> answer) { expect_task("create", answer); });
}

/// Each depends on some of those that are given after it.
void Users::create_all(Scheduler& scheduler) {
  std::vector<TaskSpec> specs;
  std::vector<std::string> made;
  for (int i = chance_.between(1, 4); i > 0; --i) {
    specs.push_back(some_spec(chance_, made.empty() ? ids_ : made, clock_.now(), next_mark()));
    made.push_back(specs.back().id = "t" + std::to_string(++made_));
  }
  std::reverse(specs.begin(), specs.end());
  ids_.insert(ids_.end(), made.begin(), made.end());
  scheduler.async_create_all(std::move(specs), {}, [this, made](Result<std::vector<Task>> answer) {
    const auto is_stored = [this](const std::string& id) {
      return shadow_.find_task(id) != nullptr || shadow_.has_gone(id);
    };
    const auto stored = std::count_if(made.begin(), made.end(), is_stored);
    if (stored != 0 && stored != std::ssize(made)) trace_.violation("some of tasks made together are not there");
    if (!heard("create all", answer)) return;
    for (const Task& task : *answer) expect_task("create all", task);
  });
}

void Users::ensure(Scheduler& scheduler) {
  const std::string id = "e" + std::to_string(chance_.below(4));
  TaskSpec spec = some_spec(chance_, ids_, clock_.now(), next_mark());
  spec.recovery = Recovery::retry;
  spec.id = id;
  if (std::find(ids_.begin(), ids_.end(), id) == ids_.end()) ids_.push_back(id);
  scheduler.async_ensure(std::move(spec), {}, [this](Result<Task> answer) { expect_task("ensure", answer); });
}

void Users::update(Scheduler& scheduler) {
  EditOptions options;
  if (chance_.one_in(4)) options.if_version = chance_.between(1, 3);
  auto edit = [seed = chance_.draw(), mark = next_mark(), others = ids_, now = clock_.now()](const Task&,
                                                                                             TaskSpec& spec) {
    Chance chance(seed, 0);
    change_spec(chance, spec, others, now);
    spec.description = mark;
    return Result<void>();
  };
  scheduler.async_update(some_id(), std::move(edit), std::move(options),
                         [this](Result<Task> answer) { expect_task("update", answer); });
}

void Users::remove(Scheduler& scheduler) {
  EditOptions options;
  options.force = chance_.one_in(2);
  const std::string id = some_id();
  shadow_.may_vanish(id);
  scheduler.async_remove(id, std::move(options), {}, [this, id](Result<void> answer) {
    if (!heard("remove", answer) || id.starts_with('e')) return;
    if (shadow_.find_task(id) != nullptr) trace_.violation("a removed task is still there: " + id);
  });
}

// Calendars.

void Users::put_calendar(Scheduler& scheduler) {
  CalendarSpec spec = some_calendar(chance_, clock_.now(), next_mark());
  scheduler.async_put_calendar(spec, [this, name = spec.name](Result<Calendar> answer) {
    if (!heard("put calendar", answer) || removed_calendars_.contains(name)) return;
    if (shadow_.find_calendar(name).empty()) trace_.violation("a calendar was not durable: " + name);
  });
}

void Users::remove_calendar(Scheduler& scheduler) {
  const std::string name = some_calendar(chance_, clock_.now(), "").name;
  removed_calendars_.insert(name);
  scheduler.async_remove_calendar(name, [this](Result<void> answer) { heard("remove calendar", answer); });
}

void Users::put_queue(Scheduler& scheduler) {
  const QueueSpec spec = some_queue(chance_);
  scheduler.async_put_queue(spec, [this, spec](Result<QueueSpec> answer) {
    if (!heard("put queue", answer)) return;
    if (*answer != spec || !shadow_.knows_queue(spec.name)) trace_.violation("a queue was not durable: " + spec.name);
  });
}

// Runs.

void Users::expect_run(const std::string& id) {
  const auto key = parse_run_id(id);
  if (!key || !shadow_.knows_run(*key)) trace_.violation("a run was acknowledged that is not in the store: " + id);
}

void Users::backfill(Scheduler& scheduler) {
  const TimePoint to = clock_.now() - chance_.ms(0, 600000);
  const BackfillRequest request{to - chance_.ms(0, 3600000), to, chance_.one_in(4)};
  scheduler.async_backfill(some_id(), request, {}, [this, request](Result<Backfill> answer) {
    if (!heard("backfill", answer) || request.dry_run) return;
    for (const BackfillRun& run : answer->runs) expect_run(run.run_id);
  });
}

void Users::retry(Scheduler& scheduler) {
  scheduler.async_retry_run(some_run(), {}, [this](Result<Run> answer) {
    if (heard("retry", answer)) expect_run(answer->id);
  });
}

/// Mostly one that is there.
void Users::turn_workflow(Scheduler& scheduler) {
  std::vector<RunKey> workflows;
  for (const RunKey id : shadow_.live()) {
    if (const RunKey workflow = shadow_.find_run(id)->workflow; workflow != 0) workflows.push_back(workflow);
  }
  const std::string id = workflows.empty() || chance_.one_in(4) ? some_run() : run_id(chance_.pick(workflows));
  auto then = [this](Result<WorkflowRun> answer) {
    if (!heard("workflow", answer)) return;
    for (const Run& run : answer->nodes) expect_run(run.id);
  };
  if (chance_.one_in(2)) return scheduler.async_retry_workflow(id, {}, std::move(then));
  scheduler.async_cancel_workflow(id, {}, std::move(then));
}

void Users::execute(Scheduler& scheduler) {
  if (chance_.one_in(12)) return backfill(scheduler);
  if (chance_.one_in(8)) return signal(scheduler);
  if (chance_.one_in(12)) return retry(scheduler);
  if (chance_.one_in(8)) return bulk(scheduler);
  if (chance_.one_in(10)) return unless_left_out(Spice::remove, &Users::remove_runs, scheduler);
  if (chance_.one_in(10)) return unless_left_out(Spice::cancel, &Users::turn_workflow, scheduler);
  if (chance_.one_in(6)) {
    return scheduler.async_execute_workflow(some_id(), {}, {}, [this](Result<Run> answer) {
      if (heard("execute workflow", answer)) expect_run(answer->id);
    });
  }
  scheduler.async_execute(some_id(), chance_.one_in(3) ? 7 : boost::json::value(), {}, [this](Result<Run> answer) {
    if (heard("execute", answer)) expect_run(answer->id);
  });
}

void Users::submit(Scheduler& scheduler) {
  std::vector<ExecuteRequest> requests;
  for (int i = chance_.between(1, 6); i > 0; --i) requests.push_back({some_id(), {}});
  scheduler.async_submit(std::move(requests), [this](Result<std::vector<std::string>> answer) {
    if (!heard("submit", answer)) return;
    for (const std::string& id : *answer) expect_run(id);
  });
}

void Users::expect_cancelled(const std::vector<RunKey>& runs) {
  for (const RunKey id : runs) {
    const RunRow* row = shadow_.find_run(id);
    if (!is_settled(row->state) && !row->cancel_requested)
      trace_.violation("a run outlived its cancellation: " + run_id(id));
  }
}

void Users::cancel(Scheduler& scheduler) {
  if (chance_.one_in(2)) {
    const std::string id = some_run();
    return scheduler.async_cancel_run(id, {}, [this, id](Result<Run> answer) {
      if (heard("cancel run", answer)) expect_cancelled({*parse_run_id(id)});
    });
  }
  const std::string id = some_id();
  std::vector<RunKey> runs;
  const TaskRow* task = shadow_.find_task(id);
  for (const RunKey run : shadow_.live()) {
    if (task != nullptr && shadow_.find_run(run)->task == task->key) runs.push_back(run);
  }
  scheduler.async_cancel(id, {}, [this, id, runs = std::move(runs)](Result<Task> answer) {
    if (heard("cancel", answer) && !id.starts_with('e')) expect_cancelled(runs);
  });
}

/// Mostly one that waits for it, or may ask for it soon.
void Users::signal(Scheduler& scheduler) {
  std::vector<RunKey> fit;
  for (const RunKey id : shadow_.live()) {
    const RunRow& run = *shadow_.find_run(id);
    if (run.reason == "signal" || run.state == RunState::running) fit.push_back(id);
  }
  const std::string id = fit.empty() || chance_.one_in(4) ? some_run() : run_id(chance_.pick(fit));
  const std::string value = std::to_string(++marks_);
  scheduler.async_signal(id, marks_, {}, [this, id, value](Result<Run> answer) {
    if (!heard("signal", answer)) return;
    const RunKey key = *parse_run_id(id);
    const RunRow* row = shadow_.find_run(key);
    if (row == nullptr || !(is_settled(row->state) || shadow_.has_had_signal(key, value)))
      trace_.violation("a signal was not durable: " + id);
  });
}

void Users::wait(Scheduler& scheduler) {
  const std::string id = some_run();
  scheduler.async_wait(id, chance_.ms(0, 60000), [this, id](Result<Run> answer) {
    if (!heard("wait", answer)) return;
    const RunRow* row = shadow_.find_run(*parse_run_id(id));
    if (row == nullptr || !is_settled(row->state) || !answer->finished_at)
      trace_.violation("a wait ended before its run: " + id);
  });
}

}  // namespace taskcore::sim
