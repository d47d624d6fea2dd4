#include "engine/tasks.hpp"

#include <algorithm>

#include "engine/conflict.hpp"
#include "engine/due.hpp"
#include "engine/edges.hpp"
#include "engine/fan_out.hpp"
#include "engine/follow.hpp"
#include "engine/materialise.hpp"
#include "engine/notify.hpp"
#include "engine/place.hpp"
#include "engine/quota.hpp"
#include "engine/skips.hpp"
#include "engine/views.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

Result<void> check_version(const TaskRow& row, const EditOptions& options) {
  if (!options.if_version || *options.if_version == row.version) return {};
  return fail(Errc::conflict, "the task's version is " + std::to_string(row.version) + ", not " +
                                  std::to_string(*options.if_version) + "; read it again and repeat the change");
}

/// Runs that the old schedule asked for and that nobody began.
void cancel_unstarted_schedule_runs(Ledger& ledger, Entry& entry) {
  if (entry.row.state.live == 0) return;
  for (const RunState state : {RunState::held, RunState::waiting, RunState::ready}) {
    for (RunRow& run :
         check(ledger.store().live_runs(entry.row.key, state, static_cast<std::size_t>(kMaxWaitingRuns)))) {
      const bool scheduled = run.trigger == Trigger::schedule || run.trigger == Trigger::dependency;
      const bool begun = run.attempt > 0 || has_items(run) || run.item_of != 0;
      if (scheduled && !begun) cancel_one(ledger, entry, std::move(run), "rescheduled");
    }
  }
}

/// Instants in the pause are recorded, not run; the grid stays.
void end_pause(Ledger& ledger, Entry& entry) {
  pass_over(ledger, entry);
  TaskState& state = entry.row.state;
  if (!state.next_due || *state.next_due > ledger.now()) return;
  const Schedule& schedule = entry.definition->schedule;
  const auto missed = schedule.elapsed(*state.next_due - Duration(1), ledger.now());
  if (missed.count > 0) record_skip(ledger, entry, {SkipReason::paused, missed.count, *missed.oldest, *missed.newest});
  state.next_due = schedule.next(ledger.now());
}

/// The schedule ends with the runs that it has, or goes on after now where it had ended by them.
void move_bound(const Ledger& ledger, Entry& entry, const TaskSpec& edited) {
  TaskState& state = entry.row.state;
  if (runs_left(edited, state.schedule_runs) == 0) {
    state.next_due.reset();
  } else if (!state.next_due) {
    state.next_due = entry.definition->schedule.next(ledger.now());
  }
}

/// `rescheduled` on entry: even when the schedule stays the same.
Result<Prepared> prepare_edit(Ledger& ledger, const Entry& entry, const TaskEdit& edit, bool& rescheduled) {
  const StoredSpec& old = entry.definition->stored;
  const Task current = view_task(ledger, entry);
  TaskSpec spec = old.spec;
  if (auto edited = edit(current, spec); !edited) return edited.error();
  if (spec.id != entry.row.id) return invalid("/id", "cannot be changed");
  auto prepared = prepare(std::move(spec), ledger.options(), ledger.registry(), ledger.now(), &old.spec);
  if (!prepared) return prepared.error();
  if (auto bound = bind_calendar(*prepared, ledger.calendars()); !bound) return bound.error();
  rescheduled |= !same_schedule(prepared->spec(), prepared->stored().schedule_source, old.spec, old.spec.schedule);
  if (rescheduled) {
    if (auto due = check_has_instant(*prepared); !due) return due.error();
  } else {
    prepared->stored().schedule_source = old.schedule_source;
    prepared->anchor = entry.row.anchor;
  }
  return prepared;
}

}  // namespace

bool is_due(const Ledger& ledger, const Prepared& prepared) {
  const auto first = prepared.schedule().first();
  return first && *first <= ledger.now() && !prepared.spec().paused;
}

Error no_such_task(std::string_view id) { return fail(Errc::not_found, "there is no task '" + std::string(id) + "'"); }

Result<void> ask(const TaskGuard& guard, Ledger& ledger, const Entry& entry) {
  return guard ? guard(view_task(ledger, entry)) : Result<void>();
}

Result<Entry*> find_guarded(Ledger& ledger, const std::string& id, const TaskGuard& guard) {
  Entry* entry = ledger.find(id);
  if (entry == nullptr) return no_such_task(id);
  if (auto allowed = ask(guard, ledger, *entry); !allowed) return allowed.error();
  return entry;
}

Result<void> check_new(Ledger& ledger, Prepared& prepared) {
  if (auto bound = bind_calendar(prepared, ledger.calendars()); !bound) return bound.error();
  if (auto due = check_has_instant(prepared); !due) return due.error();
  TaskSpec& spec = prepared.stored().spec;
  if (spec.id.empty()) spec.id = make_uuid_v7(ledger.now(), ledger.random());  // nobody has it, so nobody is asked
  return {};
}

Task insert_new(Ledger& ledger, Prepared&& prepared, std::vector<TaskKey> upstreams, const std::string& created_by) {
  TaskRow row;
  row.id = prepared.spec().id;
  row.created_by = created_by;
  row.created_at = row.updated_at = ledger.now();
  row.upstreams = std::move(upstreams);
  fill_row(row, prepared);
  take_key(ledger, row, prepared.spec().unique_key);
  row.state.next_due = prepared.schedule().first();
  row.state.consumed = wire(ledger, row, row.upstreams, prepared.schedule(), true);
  Task made = make_task(row, std::move(prepared.told));
  // What is due already becomes its run in this very transaction, so the store need not be told to look for it.
  const auto due = row.state.next_due;
  const bool at_once = ledger.claiming() && !row.paused && due && *due <= ledger.now();
  row.key = check(ledger.store().new_task_key());
  ledger.forget_dependents(row.upstreams);
  prepared.definition->key = row.key;
  prepared.definition->version = row.version;
  Entry& entry = ledger.adopt(std::move(row), std::move(prepared.definition));
  entry.dependents.emplace();  // nobody can depend on it yet
  ledger.emit(Event::Type::task_created, entry);
  if (at_once) make_due_runs(ledger, entry);
  if (!entry.row.paused) ledger.note_due(entry.row.state.next_due);
  ledger.insert(entry);
  return made;
}

Result<Task> create_task(Ledger& ledger, Prepared&& prepared, const CreateOptions& options) {
  const Conflict conflict = find_conflict(ledger, prepared.spec().id, prepared.spec().unique_key, options.created_by);
  if (conflict.task != nullptr) return resolve_conflict(ledger, conflict, std::move(prepared), options);
  if (auto fine = check_new(ledger, prepared); !fine) return fine.error();
  auto upstreams = resolve_dependencies(ledger, prepared.spec(), nullptr, options.may_depend_on);
  if (!upstreams) return upstreams.error();
  if (auto known = check_notified(ledger, prepared.spec(), {}, options.may_notify); !known) return known.error();
  Addition addition(ledger);
  addition.task(options.created_by, prepared.text, is_due(ledger, prepared));
  if (auto within = addition.fits(); !within) return within.error();
  return insert_new(ledger, std::move(prepared), std::move(*upstreams), options.created_by);
}

Result<Task> ensure_task(Ledger& ledger, Prepared&& prepared, const CreateOptions& options) {
  if (prepared.spec().id.empty()) return invalid("/id", "ensure needs one, to know the task by");
  if (Entry* entry = ledger.find(prepared.spec().id)) return bring_task(ledger, *entry, prepared, options, false);
  CreateOptions strictly = options;
  strictly.on_conflict = OnConflict::reject;
  return create_task(ledger, std::move(prepared), strictly);
}

Result<Task> bring_task(Ledger& ledger, const Entry& entry, const Prepared& prepared, const CreateOptions& options,
                        bool anew) {
  const std::string source = prepared.stored().schedule_source;
  const StoredSpec& old = entry.definition->stored;
  const bool same = !anew && same_schedule(prepared.spec(), source, old.spec, old.schedule_source);
  auto bring = [&](const Task& current, TaskSpec& spec) -> Result<void> {
    spec = prepared.spec();
    spec.schedule = same ? current.schedule : source;
    spec.paused = spec.paused || current.paused;  // an operator's pause outlives the program's restart
    return {};
  };
  EditOptions edit_options;
  edit_options.may_depend_on = options.may_depend_on;
  edit_options.may_notify = options.may_notify;
  auto updated = update_task(ledger, prepared.spec().id, bring, edit_options, anew);
  if (updated && !same) {
    // What the user wrote is kept, so that the same words at the next start change nothing.
    Entry* changed = ledger.find(prepared.spec().id);
    StoredSpec stored = changed->definition->stored;
    stored.schedule_source = source;
    changed->row.spec = encode_spec(stored);
    ledger.store_task(*changed);
  }
  return updated;
}

Result<Task> update_task(Ledger& ledger, const std::string& id, const TaskEdit& edit, const EditOptions& options,
                         bool anew) {
  Entry* entry = ledger.find(id);
  if (entry == nullptr) return no_such_task(id);
  if (auto version = check_version(entry->row, options); !version) return version.error();
  bool rescheduled = anew;
  auto prepared = prepare_edit(ledger, *entry, edit, rescheduled);
  if (!prepared) return prepared.error();
  prepared->text = encode_spec(prepared->stored());
  if (!anew && prepared->text == encode_spec(entry->definition->stored)) return view_task(ledger, *entry);
  auto upstreams = resolve_dependencies(ledger, prepared->spec(), entry, options.may_depend_on);
  if (!upstreams) return upstreams.error();
  const auto had = [&before = entry->definition->spec().notify](const std::string& task) {
    return std::any_of(before.begin(), before.end(), [&](const Notification& one) { return one.task == task; });
  };
  if (auto known = check_notified(ledger, prepared->spec(), had, options.may_notify); !known) return known.error();

  const bool resumed = entry->row.paused && !prepared->spec().paused;
  // One that another task has taken over comes back with a new schedule: for the same reason as a new task's.
  const std::string& key = prepared->spec().unique_key;
  const bool takes_key =
      key != entry->definition->spec().unique_key || (key != entry->row.unique_key && (rescheduled || resumed));
  if (takes_key) {
    if (auto free = check_key(ledger, entry->row, key); !free) return free.error();
  }
  Addition addition(ledger);
  addition.edit(*entry, prepared->text, rescheduled && is_due(ledger, *prepared));
  if (auto within = addition.fits(); !within) return within.error();

  const bool rewired = *upstreams != entry->row.upstreams;
  const TaskSpec& old = entry->definition->spec();
  const bool judged_anew = rewired || prepared->spec().trigger_rule != old.trigger_rule ||
                           prepared->spec().on_dependency_failure != old.on_dependency_failure;
  if (resumed && !rescheduled) end_pause(ledger, *entry);
  entry->row.state.consumed = wire(ledger, entry->row, *upstreams, prepared->schedule(), rescheduled);
  if (rewired) {
    ledger.forget_dependents(entry->row.upstreams);
    ledger.forget_dependents(*upstreams);
    entry->row.upstreams = std::move(*upstreams);
  }
  if (prepared->spec().max_runs != entry->definition->spec().max_runs) move_bound(ledger, *entry, prepared->spec());
  fill_row(entry->row, *prepared);
  if (takes_key) take_key(ledger, entry->row, key);
  entry->row.version += 1;
  entry->row.updated_at = std::max(ledger.now(), entry->row.updated_at);
  if (rescheduled) {
    entry->row.state.next_due = prepared->schedule().first();
    entry->row.state.schedule_runs = 0;
  }
  ledger.store_task(*entry);
  ledger.touch(*entry);
  if (!entry->row.paused) ledger.note_due(entry->row.state.next_due);
  if (rescheduled) cancel_unstarted_schedule_runs(ledger, *entry);
  if (judged_anew) ledger.recheck_gate(entry->row.key);
  ledger.upstream_moved(*entry);
  ledger.emit(Event::Type::task_updated, *entry);
  return view_task(ledger, *entry);
}

Result<void> remove_task(Ledger& ledger, const std::string& id, const EditOptions& options, const TaskGuard& guard) {
  auto found = find_guarded(ledger, id, guard);
  if (!found) return found.error();
  Entry& entry = **found;
  if (auto version = check_version(entry.row, options); !version) return version.error();
  const std::vector<TaskKey> dependents = ledger.dependents(entry);
  if (!dependents.empty() && !options.force) {
    std::string names;
    for (const TaskKey key : dependents) names += (names.empty() ? "'" : ", '") + ledger.get(key)->row.id + "'";
    return fail(Errc::has_dependents, "tasks depend on '" + id + "': " + names + "; remove these first, or force it");
  }
  for (const TaskKey key : dependents) drop_dependency(ledger, *ledger.get(key), entry.row);

  cancel_live(ledger, entry, "task_deleted");
  ledger.forget_dependents(entry.row.upstreams);
  entry.row.deleted = true;
  entry.row.upstreams.clear();
  entry.row.state.consumed.clear();
  entry.row.state.next_due.reset();
  entry.row.updated_at = std::max(ledger.now(), entry.row.updated_at);
  ledger.emit(Event::Type::task_deleted, entry);
  ledger.store_task(entry);
  ledger.touch(entry);
  return {};
}

}  // namespace taskcore
