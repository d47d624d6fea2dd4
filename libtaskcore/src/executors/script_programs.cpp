#include "executors/script_programs.hpp"

#include <algorithm>

namespace taskcore {
namespace {

namespace fs = std::filesystem;

constexpr char kShell[] = "/bin/sh";

bool is_path(const std::string& program) { return program.find('/') != std::string::npos; }

/// One file by the same last name: programs such as busybox are many by as many names.
bool same_program(const fs::path& a, const fs::path& b) {
  std::error_code bad;
  const fs::path one = fs::weakly_canonical(a, bad);
  if (bad) return false;
  const fs::path other = fs::weakly_canonical(b, bad);
  return !bad && one == other && a.filename() == b.filename();
}

}  // namespace

Result<void> ScriptPrograms::check() const {
  for (const std::string& program : allowed_) {
    if (program.empty() || (is_path(program) && program.front() != '/'))
      return fail(Errc::invalid, "script_programs: '" + program + "' is neither a name nor an absolute path");
  }
  return {};
}

Result<std::string> ScriptPrograms::find(const std::string& command, const fs::path& directory) const {
  if (allowed_.empty()) return command;
  if (!is_path(command)) {
    if (std::find(allowed_.begin(), allowed_.end(), command) != allowed_.end()) return command;
  } else {
    for (const std::string& program : allowed_) {
      if (is_path(program) && same_program(program, directory / command)) return program;
    }
  }
  return invalid("/config/command", "'" + command + "' is not among the programs that scripts may run: " + names());
}

Result<std::string> ScriptPrograms::find_shell() const {
  if (allowed_.empty()) return std::string(kShell);
  for (const std::string& program : allowed_) {
    if (program == "sh" || (is_path(program) && same_program(program, kShell))) return std::string(kShell);
  }
  return invalid("/config/shell", "needs 'sh' among the programs that scripts may run: " + names());
}

std::string ScriptPrograms::names() const {
  std::string out;
  for (const std::string& program : allowed_) out += (out.empty() ? "'" : ", '") + program + "'";
  return out;
}

}  // namespace taskcore
