// What was ever told before the power went, and whether the file agrees with it afterwards.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore::crash {

class PowerProof {
 public:
  // What users and executors hear and see.
  void told_task(const std::string& id, std::int64_t version);
  void may_remove(const std::string& id) { may_be_gone_.insert(id); }
  void told_removed(const std::string& id) { removed_.insert(id); }
  void told_run(const std::string& id, const std::string& task);
  void told_settled(const std::string& id, Status status);
  void attempt_begins(const std::string& id, int attempt);
  /// So many runs are asked for in one transaction; their parameters are those of `batch_params`.
  static constexpr std::size_t kBatch = 8;
  static std::string batch_params(int batch) { return "{\"batch\":" + std::to_string(batch); }

  /// Looks at the store after a cut. Nobody else may have it open.
  void check(Store& store, const std::string& integrity);

  /// The first thing that was wrong; empty when nothing was.
  const std::string& wrong() const noexcept { return wrong_; }
  std::size_t acknowledged() const noexcept { return acknowledged_; }
  std::size_t settled() const noexcept { return settled_.size(); }

 private:
  void complain(const std::string& what) {
    if (wrong_.empty()) wrong_ = what;
  }
  bool is_gone(const std::string& task) const { return may_be_gone_.contains(task); }
  void check_tasks(Store& store);
  void check_counters(const TaskRow& task, const std::vector<RunRow>& runs);
  void check_runs(Store& store);
  void check_settled(const RunRow& row);

  std::map<std::string, std::int64_t> tasks_{};  ///< And their newest version that was told.
  std::set<std::string> may_be_gone_{};
  std::set<std::string> removed_{};
  std::map<RunKey, std::string> runs_{};  ///< And their tasks.
  std::map<RunKey, Status> settled_{};
  std::map<RunKey, std::string> seen_settled_{};  ///< As rows, when first seen after a cut.
  std::set<std::pair<RunKey, int>> begun_{};
  std::size_t acknowledged_ = 0;
  std::string wrong_{};
};

}  // namespace taskcore::crash
