// Whether the file agrees with all that was told. Nobody else may have it open.
#pragma once

#include <string>

#include "soak/told.hpp"
#include "support/stored_runs.hpp"

namespace taskcore::soak {

class Checker {
 public:
  /// `keep`: the age from which retention may take what has ended.
  Checker(std::string database, Duration keep) : database_(std::move(database)), keep_(keep) {}

  /// Gives what is wrong, or nothing. What retention has taken is forgotten by `told`. `drained`: nothing may be live.
  std::string check(Told& told, TimePoint now, bool drained);

  std::size_t stored_runs() const noexcept { return stored_runs_; }
  std::size_t most_stored_runs() const noexcept { return most_stored_runs_; }
  std::uint64_t pruned_runs() const noexcept { return pruned_runs_; }
  std::uint64_t pruned_tasks() const noexcept { return pruned_tasks_; }

 private:
  using Runs = std::map<RunKey, RunRow>;
  using Tasks = std::map<std::string, TaskRow>;
  std::string check_tasks(Told& told, const Tasks& tasks, TimePoint now);
  std::string check_told_runs(Told& told, const Runs& runs, TimePoint now);

  std::string database_;
  Duration keep_;
  testing::FinalRuns final_{};
  std::size_t stored_runs_ = 0;
  std::size_t most_stored_runs_ = 0;
  std::uint64_t pruned_runs_ = 0;
  std::uint64_t pruned_tasks_ = 0;
};

/// Whether each task's counters are what its runs say, no instant has two runs, and, when `drained`, nothing is live.
std::string check_rows(const std::map<std::string, TaskRow>& tasks, const std::map<RunKey, RunRow>& runs, bool drained);

}  // namespace taskcore::soak
