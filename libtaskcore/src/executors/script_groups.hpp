// Control groups (version 2) of scripts: each attempt has one of its own below the one that was configured.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "executors/script_config.hpp"
#include "taskcore/result.hpp"

namespace taskcore {

/// The supervisor puts the script into its group and removes the group at the end, also when the host has died. This
/// removes it where the supervisor has died. Usable from any thread.
class ScriptGroups {
 public:
  ScriptGroups(std::string parent, std::string supervisor)
      : parent_(std::move(parent)), supervisor_(std::move(supervisor)) {}

  /// Checks the parent, hands on its controllers and tries all of it with one process. Errors: `invalid`, one line.
  Result<void> open();

  /// A new group, as an absolute path. Errors: `unavailable`.
  Result<std::string> make();

  /// Ends what is in the group and removes it, now or, while something dies in it still, with the next `make`.
  void remove(const std::string& group);

 private:
  Result<void> enter_once();

  const std::string parent_;
  const std::string supervisor_;
  std::mutex mutex_{};
  unsigned long made_ = 0;
  std::vector<std::string> left_{};  // groups that could not be removed yet
};

/// Bounds the group where it has the controllers, and takes those limits away: they need no other bound then.
Result<void> bound_group(const std::string& group, ScriptLimits& limits);

}  // namespace taskcore
