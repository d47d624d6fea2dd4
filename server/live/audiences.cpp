// Audiences: see audiences.hpp.
#include "live/audiences.hpp"

#include <algorithm>
#include <utility>

#include "auth/policy.hpp"

namespace taskd {

using taskcore::Event;

namespace {

/// More are forgotten, all at once: they come back by a read each.
constexpr std::size_t kMostKnown = 65'536;

AudiencePtr audience_of(const taskcore::Task& task) {
  return std::make_shared<const Audience>(Audience{task.created_by, task.assigned_to});
}

}  // namespace

bool may_see(const Identity& caller, const AudiencePtr& audience) {
  if (sees_all(caller)) return true;
  if (!audience) return false;
  const auto& assignees = audience->assignees;
  const Relation relation{audience->owner == caller.user,
                          std::find(assignees.begin(), assignees.end(), caller.user) != assignees.end()};
  return decide(caller, Action::see, relation) == Verdict::allow;
}

AudiencePtr Audiences::of(const Event& event) {
  if (event.type == Event::Type::task_created || event.type == Event::Type::task_updated) return read(event.task_id);
  AudiencePtr found;
  {
    const std::lock_guard lock(mutex_);
    const auto it = known_.find(event.task_id);
    if (it != known_.end()) {
      found = it->second;
      if (event.type == Event::Type::task_deleted) known_.erase(it);  // the id may be another's next
    }
  }
  return found ? found : read(event.task_id);
}

void Audiences::remember(const taskcore::Task& task) { keep(task.id, audience_of(task)); }

AudiencePtr Audiences::read(const std::string& task_id) {
  const auto task = scheduler_.get(task_id);
  // One that is gone already: its end comes as an event of its own, and needs what is known.
  return task ? keep(task_id, audience_of(*task)) : nullptr;
}

AudiencePtr Audiences::keep(const std::string& task_id, AudiencePtr audience) {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  return known_[task_id] = std::move(audience);
}

}  // namespace taskd
