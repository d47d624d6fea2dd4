// What was ever told, and whether the file and the ledger agree with it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "crash/victim.hpp"
#include "support/stored_runs.hpp"
#include "taskcore/store.hpp"

namespace taskcore::crash {

class Proof {
 public:
  Proof(std::string database, std::string ledger) : database_(std::move(database)), ledger_(std::move(ledger)) {}

  void learn(const Told& told);

  /// Opens the file and compares. Nobody else may have it open. Gives what is wrong, or nothing.
  std::string check();
  /// After a quiet end: all runs are completed, each by one attempt that came to its end.
  std::string check_end();

  std::size_t tasks() const noexcept { return tasks_.size(); }
  std::size_t runs() const noexcept { return stored_.size(); }
  std::size_t acknowledged() const noexcept { return runs_.size(); }
  std::size_t settled() const noexcept { return settled_.size(); }
  std::size_t lost() const noexcept { return lost_; }

 private:
  std::string compare_settled();

  std::string database_;
  std::string ledger_;
  std::set<std::string> tasks_{};
  std::set<RunKey> runs_{};
  std::map<RunKey, std::string> settled_{};  ///< As told.
  std::map<RunKey, RunRow> stored_{};        ///< As the file had it at the last look.
  testing::FinalRuns final_{};
  std::size_t lost_ = 0;
};

}  // namespace taskcore::crash
