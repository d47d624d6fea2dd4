#include "harness/workspace.hpp"

#include <cstdlib>
#include <stdexcept>

namespace bench {

Workspace::Workspace(const Settings& settings) {
  std::string pattern = (settings.directory / "taskcore-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error("cannot make a directory in " + settings.directory.string());
  path_ = pattern;
}

Workspace::~Workspace() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Workspace::remove(const std::string& prefix) const {
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    if (entry.path().filename().string().rfind(prefix, 0) == 0) std::filesystem::remove_all(entry.path());
  }
}

}  // namespace bench
