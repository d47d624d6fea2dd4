// One seed, one disk, some lives of the real engine on it: each ends when the power goes in the middle of some call.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crash/power_proof.hpp"
#include "sim/chance.hpp"
#include "store/subject.hpp"
#include "support/power_cut_vfs.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::crash {

/// Sums over rounds.
struct PowerSum {
  int lives = 0;
  std::map<std::string, int> cuts{};  ///< By the call that the power went in, or by what was going on.
  power::CutReport disk{};
  std::size_t acknowledged = 0;
  std::size_t settled = 0;
};

class PowerWorld {
 public:
  explicit PowerWorld(std::uint64_t seed, bool full_sync = true);

  /// Lives and dies a few times, then rests. Gives what was wrong, or nothing.
  std::string round(PowerSum& sum);

 private:
  void live(PowerSum& sum);
  void plan_cut();
  void boot();
  void bury(PowerSum& sum);
  void look(PowerSum& sum);
  void rest();

  void move();
  void ask();
  void create();
  void update();
  void remove();
  void execute();
  void submit();
  void end_hanging();
  std::string some_id() { return ids_.empty() ? "nobody" : chance_.pick(ids_); }
  boost::json::value batch_params();

  sim::Chance chance_;
  bool bulky_;  ///< Rows are large, so that the log grows past what a checkpoint waits for.
  bool full_sync_;
  power::PowerCutVfs disk_;
  store_test::TempDir dir_{};
  std::string path_ = dir_.file("power.db");
  std::shared_ptr<testing::VirtualClock> clock_ = std::make_shared<testing::VirtualClock>();
  PowerProof proof_{};
  std::vector<std::string> ids_{};
  int batches_ = 0;

  // The living process.
  std::unique_ptr<testing::ManualHost> host_{};
  std::shared_ptr<void> subscription_{};
  std::vector<RunCompletion> hanging_{};
  bool started_ = false;
  bool closing_ = false;
  bool stopped_ = false;
  bool resting_ = false;
};

}  // namespace taskcore::crash
