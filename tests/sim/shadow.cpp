#include "sim/shadow.hpp"

#include <algorithm>

#include "model/codec.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {

using store_test::text;

void Shadow::complain(const std::string& wrong, const std::string& about) {
  if (!wrong.empty()) trace_.violation(wrong + ": " + about);
}

void Shadow::committed(const Touched& touched, StoreReader& reader) {
  edited_.clear();
  opened_.clear();
  settled_at_gate_.clear();
  ended_at_claim_.clear();
  followed_.clear();
  moved_.clear();
  released_.clear();
  born_.clear();
  begun_.clear();
  unheld_.clear();
  second_.clear();
  at_ = touched.at;
  node_ = touched.node;
  for (const std::string& name : touched.calendars) learn_calendar(name, reader);
  for (const std::string& name : touched.queues) learn_queue(name, reader);
  if (!touched.calendars.empty()) {
    for (const auto& [key, task] : tasks_) {
      if (touched.calendars.contains(allowances_.at(key).spec.calendar)) due_anew_.insert(key);
    }
  }
  deleted_.insert(touched.deleted.begin(), touched.deleted.end());
  for (const TaskKey key : touched.tasks) {
    auto row = reader.find_task(key).value();
    if (!row && touched.pruned && tasks_.contains(key)) {  // deleted and swept away in one commit
      row = tasks_.at(key);
      row->deleted = true;
      row->upstreams.clear();
      row->state = {.last_run = row->state.last_run,
                    .last_settled = row->state.last_settled,
                    .last_status = row->state.last_status,
                    .last_completed = row->state.last_completed};
    }
    if (row) learn_task(std::move(*row));
  }
  if (touched.woke) learn_woken(reader);
  for (const auto& [id, task] : touched.runs) {
    if (const auto row = reader.find_run(id).value()) {
      learn_run(*row);
    } else if (touched.pruned) {
      learn_vanished(id, task);
    }
  }
  if (touched.pruned) learn_pruned(reader);
  for (const auto& [id, first] : second_) check_second(runs_.at(id), runs_.at(first));
  for (const TaskKey key : touched.tasks) {
    if (const TaskRow* row = find_task(key); row != nullptr && !pruned_tasks_.contains(key)) check_counters(*row);
  }
  check_unique_keys();
  for (const auto& [id, task] : touched.runs) check_items(id);
  check_gates(touched);
  check_following(touched);
  check_open(touched);
  for (const auto& [key, from] : moved_) {
    if (touched.calendars.contains(allowances_.at(key).spec.calendar)) continue;  // moved by its calendar
    const auto skipped = touched.skipped.find(key);
    check_instants(key, from, skipped == touched.skipped.end() ? 0 : skipped->second);
  }
  for (const RunKey id : unheld_) check_side_by_side(id);
  check_limits();
  check_flow(touched);
  if (shared_) check_leases(touched);
}

void Shadow::learn_calendar(const std::string& name, StoreReader& reader) {
  const auto row = reader.find_calendar(name).value();
  trace_.note("calendar " + name + (row ? " is " + row->spec.str() : " is gone"));
  row ? void(calendars_.insert_or_assign(name, *row)) : void(calendars_.erase(name));
}

void Shadow::learn_task(TaskRow row) {
  const auto it = tasks_.find(row.key);
  const TaskRow* before = it == tasks_.end() ? nullptr : &it->second;
  complain(check_task(before, row), text(row));
  if (row.deleted && (before == nullptr || !before->deleted)) check_vanished(row);
  if (before == nullptr) {  // an earlier task of this id is another one
    for (auto spec = specs_.lower_bound({row.id, 0}); spec != specs_.end() && spec->first.first == row.id;) {
      earlier_specs_.insert(specs_.extract(spec++));
    }
  }
  if (before == nullptr || before->version != row.version) {
    edited_.insert(row.key);
    const TaskSpec spec = decode_spec(row.spec).value().spec;
    Allowance& allowance = allowances_[row.key];
    allowance.max_retries = std::max(allowance.max_retries, spec.max_retries.value_or(options_.default_max_retries));
    allowance.max_lost = std::max(allowance.max_lost, spec.max_lost);
    allowance.may_repeat = spec.recovery == Recovery::retry;
    allowance.fans_out |= !spec.for_each.is_null();
    allowance.spec = spec;
    made_[row.key] = row.state.schedule_runs;
    specs_[{row.id, row.version}] = row.spec;
  }
  if (row.deleted) {
    if (const auto key = keys_.find(row.id); key != keys_.end() && key->second == row.key) keys_.erase(key);
  } else {
    keys_[row.id] = row.key;
  }
  trace_.note("task " + row.id + " v" + std::to_string(row.version) + (row.deleted ? " deleted" : "") + " live " +
              std::to_string(row.state.live));
  if (before != nullptr) {
    const bool same = before->version == row.version && !row.deleted;
    if (same && !before->unique_key.empty() && row.unique_key.empty()) released_.push_back(*before);
    note_moved(*before, row);
    if (before->state.consumed.size() == row.state.consumed.size() && before->state.consumed != row.state.consumed) {
      followed_[row.key] = before->state.consumed;
    }
  }
  tasks_[row.key] = std::move(row);
}

/// A run that was written and pruned in one commit: it went with its task, or had ended before, or ended in it and a
/// user removed it.
void Shadow::learn_vanished(RunKey id, TaskKey task) {
  if (runs_.contains(id) && !live_.contains(id)) return;
  const auto owner = tasks_.find(task);
  const RunRow* run = find_run(id);
  const bool may_go = owner == tasks_.end() || owner->second.deleted || removable_runs_.contains(id) ||
                      (run != nullptr && removable_runs_.contains(run->item_of));
  if (!may_go) complain("a live run was pruned", std::to_string(id));
  vanished_runs_.insert(id);
  if (live_.erase(id) == 0) return;
  pruned_runs_.insert(id);
  RunRow& gone = runs_.at(id);
  if (gone.state == RunState::running) lost_.insert({id, gone.attempt});
  gone.state = RunState::cancelled;
}

/// Where retention took a run, a backfill may make its instant's run anew; and so may an edited schedule or calendar,
/// with which the schedule starts anew, where the clock was set back.
void Shadow::check_second(const RunRow& row, const RunRow& first) {
  const bool anew = first.task_version < row.task_version || due_anew_.contains(row.task);
  const bool forgotten = pruned_runs_.contains(first.id) && (row.trigger == Trigger::backfill || anew);
  if (!forgotten) complain("two runs stand for one instant", text(row) + " and " + text(first));
}

void Shadow::learn_run(const RunRow& row) {
  const auto it = runs_.find(row.id);
  const RunRow* before = it == runs_.end() ? nullptr : &it->second;
  complain(check_run(before, row, allowances_[row.task], at_), text(row));
  if (before != nullptr && before->state == RunState::running) check_end(*before, row);
  if (before != nullptr) check_signal(*before, row);
  if (!row.signal_value.empty()) signals_.emplace(row.id, row.signal_value.str());
  if (row.state == RunState::running && (before == nullptr || before->fence != row.fence)) {
    check_claim(row);
    begun_.push_back(row.id);
  }
  if (before == nullptr) {
    born_.insert(row.id);
    if (row.item_of == 0) check_bounds(row);
    if (row.item_of != 0) items_[row.item_of].insert(row.id);
  }
  const bool unheld = before == nullptr || (before->state == RunState::held && row.state != RunState::held);
  if (unheld && row.item_of == 0) unheld_.push_back(row.id);
  if (before == nullptr && row.scheduled_for && row.item_of == 0) {
    const auto [other, fresh] = instants_.emplace(std::pair(row.task, *row.scheduled_for), row.id);
    if (!fresh) second_.emplace_back(row.id, other->second);
    other->second = row.id;
  }
  if (before == nullptr || before->state != row.state || before->fence != row.fence) {
    trace_.note("run " + std::to_string(row.id) + " of " + std::to_string(row.task) + " state " +
                std::to_string(static_cast<int>(row.state)) + " attempt " + std::to_string(row.attempt));
  }
  if (row.state == RunState::cancelled && (row.reason == "dependency_failed" || row.reason == "not_needed") &&
      (before == nullptr || !is_settled(before->state))) {
    settled_at_gate_.insert(row.id);
  }
  const bool was_live = before == nullptr || !is_settled(before->state);
  const bool ended = row.state == RunState::completed || row.state == RunState::failed;
  if (was_live && ended && row.attempt == 0 && row.items == 0) ended_at_claim_.insert(row.id);
  const bool was_shut = before == nullptr || before->state == RunState::waiting || before->state == RunState::held;
  const bool goes = row.state == RunState::ready || row.state == RunState::running || row.items > 0;
  const bool opened = was_shut && goes && row.item_of == 0 && (before == nullptr || before->items == 0);
  runs_[row.id] = row;
  runs_of_[row.task].insert(row.id);
  is_settled(row.state) ? void(live_.erase(row.id)) : void(live_.insert(row.id));
  if (opened && !edited_.contains(row.task)) opened_.push_back(row.id);
}

const TaskRow* Shadow::find_task(const std::string& id) const {
  const auto it = keys_.find(id);
  return it == keys_.end() ? nullptr : &tasks_.at(it->second);
}

std::string Shadow::find_calendar(const std::string& name) const {
  const auto it = calendars_.find(name);
  return it == calendars_.end() ? std::string() : it->second.spec.str();
}

const TaskRow* Shadow::find_task(TaskKey key) const {
  const auto it = tasks_.find(key);
  return it == tasks_.end() ? nullptr : &it->second;
}

bool Shadow::has_gone(const std::string& id) const { return deleted_.contains(id); }

const RunRow* Shadow::find_run(RunKey id) const {
  const auto it = runs_.find(id);
  return it == runs_.end() ? nullptr : &it->second;
}

std::string Shadow::spec_of(const std::string& id, std::int64_t version) const {
  const auto it = specs_.find({id, version});
  return it == specs_.end() ? std::string() : it->second;
}

bool Shadow::had_spec(const std::string& id, std::int64_t version, const std::string& description) const {
  const auto [begin, end] = earlier_specs_.equal_range({id, version});
  return std::any_of(
      begin, end, [&](const auto& spec) { return decode_spec(spec.second).value().spec.description == description; });
}

}  // namespace taskcore::sim
