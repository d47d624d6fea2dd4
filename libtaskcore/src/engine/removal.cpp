#include "engine/removal.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace taskcore {
namespace {

constexpr std::size_t kRunsAtOnce = 500;

/// Knows what will be left when those that go are gone, whether they go or only would.
class Keeper {
 public:
  explicit Keeper(StoreReader& reader) : reader_(reader) {}

  bool keeps(const Entry& entry, const RunRow& run) {
    if (run.item_of != 0) {
      const auto whole = check(reader_.find_run(run.item_of));
      return whole && !is_settled(whole->state);
    }
    const TaskState& state = entry.row.state;
    if (run.id == state.last_settled || run.id == state.last_completed) return true;
    if (run.workflow == 0) return false;
    const Workflow& workflow = find(run.workflow);
    return workflow.is_live || (run.workflow == run.id && workflow.runs.size() > 1);
  }
  void let_go(const RunRow& run) {
    if (run.workflow != 0 && run.item_of == 0) find(run.workflow).runs.erase(run.id);
  }

 private:
  struct Workflow {
    std::set<RunKey> runs{};
    bool is_live = false;
  };

  Workflow& find(RunKey id) {
    const auto [place, is_new] = workflows_.try_emplace(id);
    if (is_new) read(id, place->second);
    return place->second;
  }
  void read(RunKey id, Workflow& workflow) {
    for (RunKey after = 0;;) {
      const auto some = check(reader_.runs_of_workflow(id, after, kRunsAtOnce));
      for (const RunRow& run : some) {
        workflow.runs.insert(run.id);
        workflow.is_live |= !is_settled(run.state);
      }
      if (some.size() < kRunsAtOnce) return;
      after = some.back().id;
    }
  }

  StoreReader& reader_;
  std::unordered_map<RunKey, Workflow> workflows_{};
};

void remove_one(Ledger& ledger, const RunRow& run) {
  for (;;) {
    const auto items = check(ledger.store().items_of(run.id, 0, kRunsAtOnce));
    for (const RunRow& item : items) check(ledger.store().remove_run(item));
    if (items.size() < kRunsAtOnce) break;
  }
  check(ledger.store().remove_run(run));
}

}  // namespace

std::vector<RunKey> remove_all(Ledger& ledger, std::vector<MatchedRun> runs, bool dry_run) {
  // A workflow's own run may go once the others have.
  std::stable_partition(runs.begin(), runs.end(), [](const auto& each) { return each.run.workflow != each.run.id; });
  Keeper keeper(ledger.store());
  std::vector<RunKey> gone;
  for (const auto& [entry, run] : runs) {
    if (keeper.keeps(*entry, run)) continue;
    if (!dry_run) remove_one(ledger, run);
    keeper.let_go(run);
    gone.push_back(run.id);
  }
  return gone;
}

}  // namespace taskcore
