// Who is concerned by a task: known by the task's id, so that an event costs a read of the store only where it is the
// first one of its task.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "auth/identity.hpp"
#include "taskcore/scheduler.hpp"

namespace taskd {

/// The people of a task at one moment.
struct Audience {
  std::string owner{};
  std::vector<std::string> assignees{};
};
using AudiencePtr = std::shared_ptr<const Audience>;

/// Whether the caller may see what concerns these people; null: nobody knows whom, which only those may see who see
/// all.
bool may_see(const Identity& caller, const AudiencePtr& audience);

class Audiences {
 public:
  explicit Audiences(const taskcore::Scheduler& scheduler) : scheduler_(scheduler) {}

  /// The people of the task that this event is about. A task that is gone has those that it had before.
  AudiencePtr of(const taskcore::Event& event);

  /// Notes the people of a task that may soon be gone.
  void remember(const taskcore::Task& task);

 private:
  AudiencePtr read(const std::string& task_id);
  AudiencePtr keep(const std::string& task_id, AudiencePtr audience);

  const taskcore::Scheduler& scheduler_;
  std::mutex mutex_{};
  std::unordered_map<std::string, AudiencePtr> known_{};
};

}  // namespace taskd
