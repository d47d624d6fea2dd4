#include "executors/supervisor_path.hpp"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "build_config.hpp"

namespace taskcore {

std::string find_supervisor(const std::string& configured) {
  if (!configured.empty()) return configured;
  std::vector<std::filesystem::path> places;
  std::error_code bad;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", bad);
  if (!bad) {
    places.push_back(program.parent_path() / "taskcore-exec");
    places.push_back(program.parent_path() / "../libexec/taskcore/taskcore-exec");
  }
  places.emplace_back(TASKCORE_EXEC_INSTALL_PATH);
  places.emplace_back(TASKCORE_EXEC_BUILD_PATH);
  for (const auto& place : places) {
    if (::access(place.c_str(), X_OK) == 0) return place.string();
  }
  return {};
}

}  // namespace taskcore
