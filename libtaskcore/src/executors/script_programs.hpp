// The list of programs that scripts may run. An empty list allows all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "taskcore/result.hpp"

namespace taskcore {

class ScriptPrograms {
 public:
  /// Bare names, which allow that name and are looked up in PATH, and absolute paths, which allow that file.
  explicit ScriptPrograms(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  /// Errors: `invalid`, for an entry that is neither a name nor an absolute path.
  Result<void> check() const;

  /// What to execute for `command`, a name or a path from `directory` on. A listed path is executed as the list writes
  /// it, so a link that is bent after the check changes nothing. Errors: `invalid` at "/config/command".
  Result<std::string> find(const std::string& command, const std::filesystem::path& directory) const;

  /// The same for the shell, which is "sh" or "/bin/sh" on the list. Errors: `invalid` at "/config/shell".
  Result<std::string> find_shell() const;

 private:
  std::string names() const;

  const std::vector<std::string> allowed_;
};

}  // namespace taskcore
