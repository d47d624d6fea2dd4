#include "engine/edges.hpp"

#include <algorithm>

#include "engine/fan_out.hpp"
#include "engine/follow.hpp"
#include "engine/place.hpp"
#include "engine/views.hpp"
#include "graph/cycle.hpp"

namespace taskcore {
namespace {

std::string spell_cycle(Ledger& ledger, const std::vector<TaskKey>& cycle) {
  std::string out;
  for (const TaskKey key : cycle) out += (out.empty() ? "" : " -> ") + ledger.get(key)->row.id;
  return out;
}

}  // namespace

Error cycle_error(const std::string& path) {
  Error error = fail(Errc::cycle, "the dependencies would form a cycle: " + path);
  error.fields.push_back({"/dependencies", error.detail});
  return error;
}

Result<std::vector<TaskKey>> resolve_dependencies(Ledger& ledger, const TaskSpec& spec, const Entry* self,
                                                  const TaskGuard& may_depend_on) {
  std::vector<TaskKey> out;
  for (std::size_t i = 0; i < spec.dependencies.size(); ++i) {
    const std::string& id = spec.dependencies[i];
    if (id == spec.id) return cycle_error(id + " -> " + id);
    const Entry* upstream = ledger.find(id);
    const bool had = self != nullptr && upstream != nullptr &&
                     std::find(self->row.upstreams.begin(), self->row.upstreams.end(), upstream->row.key) !=
                         self->row.upstreams.end();
    const bool known = upstream != nullptr && (had || !may_depend_on || may_depend_on(view_task(ledger, *upstream)));
    if (!known) return invalid("/dependencies/" + std::to_string(i), "there is no task '" + id + "'");
    out.push_back(upstream->row.key);
  }
  if (self == nullptr || out.empty()) return out;  // nobody depends on a new task yet
  const auto cycle = find_cycle(self->row.key, out, [&](TaskKey key) {
    const Entry* entry = ledger.get(key);
    return entry == nullptr ? std::vector<TaskKey>{} : entry->row.upstreams;
  });
  if (!cycle.empty()) return cycle_error(spell_cycle(ledger, cycle));
  return out;
}

void drop_dependency(Ledger& ledger, Entry& dependent, const TaskRow& upstream) {
  for (const RunState state : {RunState::held, RunState::waiting}) {
    for (RunRow& run :
         check(ledger.store().live_runs(dependent.row.key, state, static_cast<std::size_t>(kMaxWaitingRuns)))) {
      if (!has_items(run)) cancel_one(ledger, dependent, std::move(run), "dependency_deleted");
    }
  }
  StoredSpec stored = dependent.definition->stored;
  std::erase(stored.spec.dependencies, upstream.id);
  std::erase(dependent.row.upstreams, upstream.key);
  if (follows(*dependent.definition)) {
    // What is left must not be all that was waited for: it begins anew, or there is nothing to follow any more.
    auto& consumed = dependent.row.state.consumed;
    consumed = wire(ledger, dependent.row, dependent.row.upstreams, dependent.definition->schedule, true);
    if (consumed.empty()) stored.spec.schedule = stored.schedule_source = "manual";
  }
  dependent.row.spec = encode_spec(stored);
  dependent.row.version += 1;
  dependent.row.updated_at = std::max(ledger.now(), dependent.row.updated_at);
  ledger.store_task(dependent);
  ledger.touch(dependent);
  ledger.emit(Event::Type::task_updated, dependent);
}

}  // namespace taskcore
