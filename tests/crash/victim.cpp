#include "crash/victim.hpp"

#include <sstream>

#include "support/victim.hpp"

namespace taskcore::crash {
namespace {

Told parse(const std::string& text) {
  Told told;
  std::istringstream lines(text);
  std::string what;
  std::string id;
  while (lines >> what >> id) {
    if (what == "T") told.tasks.push_back(id);
    if (what == "R") told.runs.push_back(id);
    if (what != "S") continue;
    std::string status;
    lines >> status;
    told.settled.emplace_back(id, status);
  }
  return told;
}

}  // namespace

Told live_and_die(const std::string& database, const std::string& ledger, std::chrono::milliseconds life) {
  const auto end = std::chrono::steady_clock::now() + life;
  testing::Victim child({TASKCORE_CRASH_CHILD, database, ledger});
  std::string text;
  child.read_until(end, text);
  child.kill(text);
  return parse(text);
}

}  // namespace taskcore::crash
