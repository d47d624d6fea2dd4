#include "schedule/zone_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>

#include "taskcore/time_zones.hpp"

namespace taskcore::schedule {

namespace {

std::string installed_version() {
  std::string line;
  std::ifstream rules(zone_folder() / "tzdata.zi");
  constexpr std::string_view kBefore = "# version ";
  if (std::getline(rules, line) && line.starts_with(kBefore)) return line.substr(kBefore.size());
  std::ifstream version(zone_folder() / "+VERSION");  // on BSD and macOS
  return std::getline(version, line) ? line : std::string();
}

}  // namespace

std::filesystem::path zone_folder() {
  const char* folder = std::getenv("TZDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

const std::string& zones_in_use() {
  static const std::string version = installed_version();
  return version;
}

}  // namespace taskcore::schedule

namespace taskcore {

TimeZoneDatabase time_zone_database() { return {schedule::zones_in_use(), schedule::installed_version()}; }

}  // namespace taskcore
