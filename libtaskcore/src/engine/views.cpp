#include "engine/views.hpp"

#include <algorithm>

#include "engine/fan_out.hpp"
#include "engine/follow.hpp"
#include "engine/gates.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kLiveRunsShown = 20;

std::vector<std::string> names_of(StoreReader& reader, const std::vector<TaskKey>& tasks) {
  std::vector<std::string> out;
  for (const TaskKey key : tasks) {
    if (const auto task = check(reader.find_task(key))) out.push_back(task->id);
  }
  return out;
}

/// The ids of the upstreams that a waiting run of `task` waits for.
std::vector<std::string> waiting_ids(StoreReader& reader, const TaskRow& task, TriggerRule rule, const RunRow& run,
                                     TimePoint now) {
  return names_of(reader, waiting_on(rule, upstream_facts(reader, task, run, now)));
}

void add_live(StoreReader& reader, const TaskRow& row, TimePoint now, Task& task) {
  if (row.state.live == 0) return;
  for (const RunRow& run : check(reader.live_runs(row.key, kLiveRunsShown))) {
    if (const auto at = retry_instant(run)) task.retry_at = std::min(task.retry_at.value_or(*at), *at);
    if (waits_for_dependencies(run) && task.waiting_on.empty()) {
      task.waiting_on = waiting_ids(reader, row, task.trigger_rule, run, now);
    }
  }
}

/// A call's status stands in its error or, when it was expected, in its result.
void show_http_status(std::string_view type, Run& run) {
  if (type != "api_call" && type != "webhook") return;
  const auto status_in = [](const boost::json::value& value, const char* name) -> std::optional<int> {
    const auto* object = value.if_object();
    const auto* status = object != nullptr ? object->if_contains(name) : nullptr;
    if (status == nullptr || !status->is_int64()) return std::nullopt;
    return static_cast<int>(status->get_int64());
  };
  for (Attempt& attempt : run.attempts) {
    if (attempt.error) attempt.http_status = status_in(attempt.error->data, "httpStatus");
    if (attempt.status == AttemptStatus::completed) attempt.http_status = status_in(run.result, "status");
  }
}

Task view(StoreReader& reader, const TaskRow& row, const StoredSpec& stored, TimePoint now) {
  Task task = make_task(row, stored.spec);
  add_live(reader, row, now, task);
  if (task.waiting_on.empty() && !row.state.consumed.empty() && !row.paused) {
    const auto news = news_of(reader, row);
    const auto is_open = [](const UpstreamFacts& facts) { return facts.state == EdgeState::open; };
    if (!std::all_of(news.begin(), news.end(), is_open))
      task.waiting_on = names_of(reader, waiting_on(task.trigger_rule, news));
  }
  return task;
}

}  // namespace

bool waits_for_dependencies(const RunRow& run) noexcept { return run.state == RunState::waiting && !has_items(run); }

Task view_task(Ledger& ledger, const Entry& entry) {
  return view(ledger.store(), entry.row, entry.definition->stored, ledger.now());
}

Run view_run(Ledger& ledger, const Entry& entry, const RunRow& run) {
  return view_run(ledger.store(), entry.row, run, ledger.now());
}

Task view_task(StoreReader& reader, const TaskRow& row, TimePoint now) {
  return view(reader, row, check(decode_spec(row.spec)), now);
}

TriggerRule rule_of(const TaskRow& task) { return check(decode_spec(task.spec)).spec.trigger_rule; }

Run view_run(StoreReader& reader, const TaskRow& task, const RunRow& run, TimePoint now) {
  return view_run(reader, task, waits_for_dependencies(run) ? rule_of(task) : TriggerRule::all_completed, run, now);
}

Run view_run(StoreReader& reader, const TaskRow& task, TriggerRule rule, const RunRow& run, TimePoint now) {
  Run out = make_run(run, task.id);
  show_http_status(task.type, out);
  if (waits_for_dependencies(run)) out.waiting_on = waiting_ids(reader, task, rule, run, now);
  return out;
}

}  // namespace taskcore
