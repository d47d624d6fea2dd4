// A child process that is killed at a random moment, and what it managed to tell before.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace taskcore::crash {

struct Told {
  std::vector<std::string> tasks{};
  std::vector<std::string> runs{};
  std::vector<std::pair<std::string, std::string>> settled{};  ///< Run and status.
};

/// Starts the child on these files, reads what it tells for `life`, kills it with SIGKILL and reaps it. Throws when the
/// child ends by itself.
Told live_and_die(const std::string& database, const std::string& ledger, std::chrono::milliseconds life);

}  // namespace taskcore::crash
