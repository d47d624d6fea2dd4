// The IANA time zone database of this machine: the folder $TZDIR, else /usr/share/zoneinfo.
#pragma once

#include <string>

namespace taskcore {

/// Versions such as "2026a"; empty where the database does not tell.
struct TimeZoneDatabase {
  std::string in_use{};     ///< When this process first looked for a zone, or asked here.
  std::string installed{};  ///< Now.
};

/// Whether the database was updated since the process began to use it. The rules of a zone are read once a process: a
/// zone that was in use before the update keeps them until the process starts again. Reads a file each time. From any
/// thread, as long as none changes the environment.
TimeZoneDatabase time_zone_database();

}  // namespace taskcore
