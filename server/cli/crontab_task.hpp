// What a line of a crontab becomes: the body of a task.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "cli/crontab.hpp"
#include "taskcore/schedule.hpp"

namespace taskd {

/// In force where the line stands.
using CrontabVariables = std::map<std::string, std::string, std::less<>>;

/// Where a line stands.
struct CrontabPlace {
  std::size_t line;
  const std::string& timezone;  ///< Empty: the server's.
  const CrontabVariables& variables;
};

/// As `POST /api/tasks` takes it, with cron's manners.
boost::json::object crontab_task(const CrontabEntry& entry, const taskcore::Schedule& schedule,
                                 const CrontabPlace& around);

}  // namespace taskd
