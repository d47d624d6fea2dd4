#include "engine/create_all.hpp"

#include <unordered_set>

#include "engine/conflict.hpp"
#include "engine/edges.hpp"
#include "engine/notify.hpp"
#include "engine/quota.hpp"
#include "engine/tasks.hpp"
#include "graph/order.hpp"
#include "model/faults.hpp"
#include "model/validation.hpp"

namespace taskcore {
namespace {

using Keys = std::unordered_map<std::string, TaskKey>;

/// The error of one member, said of all.
Error at_member(std::size_t position, const Error& error) {
  Faults faults;
  faults.add_below(pointer_to("", position), error);
  Error out = faults.take().error();
  out.code = error.code;
  return out;
}

std::vector<std::vector<std::size_t>> edges_within(const PreparedAll& all) {
  std::vector<std::vector<std::size_t>> out(all.members.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const std::string& id : all.members[i].spec().dependencies) {
      if (const auto it = all.positions.find(id); it != all.positions.end()) out[i].push_back(it->second);
    }
  }
  return out;
}

std::string spell_cycle(const PreparedAll& all, const std::vector<std::size_t>& cycle) {
  std::string out;
  for (const std::size_t i : cycle) out += (out.empty() ? "" : " -> ") + all.members[i].spec().id;
  return out;
}

/// Each task outside is asked for once, however many members depend on it; its key goes into `keys`.
Result<void> check_dependencies(Ledger& ledger, const PreparedAll& all, const TaskSpec& spec,
                                const TaskGuard& may_depend_on, Keys& keys) {
  for (std::size_t i = 0; i < spec.dependencies.size(); ++i) {
    const std::string& id = spec.dependencies[i];
    if (all.positions.contains(id) || keys.contains(id)) continue;
    const auto upstream = find_guarded(ledger, id, may_depend_on);
    if (!upstream) return invalid(pointer_to("/dependencies", i), no_such_task(id).detail);
    keys.emplace(id, (*upstream)->row.key);
  }
  return {};
}

/// What of the store was asked for: each once, however many members name it.
struct Known {
  Keys keys{};  ///< Of members' dependencies.
  std::unordered_set<std::string> notified{};
};

Result<void> check_member(Ledger& ledger, PreparedAll& all, std::size_t position, const CreateOptions& options,
                          Known& seen) {
  Prepared& member = all.members[position];
  const Conflict conflict = find_conflict(ledger, member.spec().id, member.spec().unique_key, options.created_by);
  if (conflict.task != nullptr) return conflict.error();
  if (auto fine = check_new(ledger, member); !fine) return fine;
  if (auto known = check_dependencies(ledger, all, member.spec(), options.may_depend_on, seen.keys); !known)
    return known;
  const auto is_known = [&](const std::string& id) { return all.positions.contains(id) || seen.notified.contains(id); };
  if (auto known = check_notified(ledger, member.spec(), is_known, options.may_notify); !known) return known;
  for (const Notification& one : member.spec().notify) seen.notified.insert(one.task);
  return {};
}

}  // namespace

Result<PreparedAll> prepare_all(std::vector<TaskSpec> specs, const Options& options, const Registry& registry,
                                TimePoint now) {
  if (auto count = check_task_count(specs.size()); !count) return count.error();
  PreparedAll out;
  out.members.reserve(specs.size());
  std::unordered_set<std::string> unique_keys;
  Faults faults;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::string where = pointer_to("", i);
    if (!specs[i].id.empty() && !out.positions.emplace(specs[i].id, i).second) {
      faults.add(where + "/id", "must not be given twice");
    }
    if (!specs[i].unique_key.empty() && !unique_keys.insert(specs[i].unique_key).second) {
      faults.add(where + "/uniqueKey", "must not be given twice");
    }
    auto prepared = prepare(std::move(specs[i]), options, registry, now);
    if (prepared) {
      out.members.push_back(std::move(*prepared));
    } else {
      faults.add_below(where, prepared.error());
    }
  }
  if (auto fine = faults.take(); !fine) return fine.error();
  Order found = order_by_dependencies(edges_within(out));
  if (!found.cycle.empty()) return at_member(found.cycle.front(), cycle_error(spell_cycle(out, found.cycle)));
  out.order = std::move(found.nodes);
  return out;
}

Result<std::vector<Task>> create_tasks(Ledger& ledger, PreparedAll&& all, const CreateOptions& options) {
  // Nothing is written before all have passed: there is no way back to where the first of them is not there.
  Known seen;
  for (std::size_t i = 0; i < all.members.size(); ++i) {
    if (auto fine = check_member(ledger, all, i, options, seen); !fine) return at_member(i, fine.error());
  }
  Addition addition(ledger);
  for (const Prepared& member : all.members) addition.task(options.created_by, member.text, is_due(ledger, member));
  if (auto within = addition.fits(); !within) return within.error();
  std::vector<Task> made(all.members.size());
  for (const std::size_t i : all.order) {
    const std::shared_ptr<const Definition> definition = all.members[i].definition;
    std::vector<TaskKey> upstreams;
    upstreams.reserve(definition->spec().dependencies.size());
    for (const std::string& id : definition->spec().dependencies) upstreams.push_back(seen.keys.at(id));
    made[i] = insert_new(ledger, std::move(all.members[i]), std::move(upstreams), options.created_by);
    seen.keys.emplace(made[i].id, definition->key);
  }
  return made;
}

}  // namespace taskcore
