#include "crash/proof.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/ids.hpp"
#include "store/row_text.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::crash {

void Proof::learn(const Told& told) {
  tasks_.insert(told.tasks.begin(), told.tasks.end());
  for (const std::string& id : told.runs) runs_.insert(parse_run_id(id).value());
  for (const auto& [id, status] : told.settled) settled_.emplace(parse_run_id(id).value(), status);
}

/// What was told as settled is settled so; what was once seen settled has not changed by a bit.
std::string Proof::compare_settled() {
  for (const auto& [id, status] : settled_) {
    const RunRow& row = stored_.at(id);
    if (testing::status_of(row.state) != status)
      return run_id(id) + " was " + status + " and is " + std::string(testing::status_of(row.state));
  }
  lost_ = 0;
  for (const auto& [id, row] : stored_) lost_ += static_cast<std::size_t>(row.losses);
  return final_.compare(stored_);
}

std::string Proof::check() {
  // A process that died before it made the file has told nothing.
  if (tasks_.empty() && runs_.empty() && !std::filesystem::exists(database_)) return {};
  if (auto damage = testing::examine(database_); !damage.empty()) return damage;
  auto store = sqlite(database_);
  if (auto opened = store->open(); !opened) return opened.error().detail;
  for (const std::string& id : tasks_) {
    if (!store->find_task(id).value()) return "the acknowledged task " + id + " is not there";
  }
  stored_ = testing::read_runs(*store);
  for (const RunKey id : runs_) {
    if (!stored_.contains(id)) return "the acknowledged run " + run_id(id) + " is not there";
  }
  for (const auto& [id, status] : settled_) {
    if (!stored_.contains(id)) return "the settled run " + run_id(id) + " is not there";
  }
  return compare_settled();
}

std::string Proof::check_end() {
  if (auto wrong = check(); !wrong.empty()) return wrong;
  std::map<std::pair<RunKey, int>, int> begun;
  std::map<std::pair<RunKey, int>, int> ended;
  std::map<RunKey, int> newest;
  std::ifstream ledger(ledger_);
  for (std::string line; std::getline(ledger, line);) {
    std::istringstream words(line);
    std::string what;
    std::string id;
    int attempt = 0;
    char end = 0;
    if (!(words >> what >> id >> attempt >> end)) continue;  // empty, or cut off by a kill
    const RunKey run = parse_run_id(id).value();
    if (++(what == "B" ? begun : ended)[{run, attempt}] > 1)
      return id + " did attempt " + std::to_string(attempt) + " twice";
    newest[run] = std::max(newest[run], attempt);
  }
  for (const auto& [run, row] : stored_) {
    if (row.state != RunState::completed) return run_id(run) + " did not complete: " + store_test::text(row);
    // The attempt whose completion became durable came to its end, and none began after it.
    if (!ended.contains({run, row.attempt})) {
      return run_id(run) + " completed without coming to its end, and began attempt " + std::to_string(newest[run]) +
             " last: " + store_test::text(row);
    }
    if (newest[run] > row.attempt) return run_id(run) + " ran again after it had completed";
  }
  for (const auto& [run, attempts] : newest) {
    if (!stored_.contains(run)) return run_id(run) + " ran and is not in the store";
  }
  return {};
}

}  // namespace taskcore::crash
