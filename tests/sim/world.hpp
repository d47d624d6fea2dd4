// The world of one simulation: what outlives processes (data, clock, users' memory), and the nodes where they live.
#pragma once

#include <memory>
#include <vector>

#include "sim/node.hpp"
#include "sim/simulation.hpp"
#include "sim/users.hpp"
#include "store/subject.hpp"
#include "support/power_cut_vfs.hpp"
#include "taskcore/logger.hpp"

namespace taskcore::sim {

class World {
 public:
  explicit World(const Setup& setup);
  ~World();

  bool failed() const noexcept { return trace_.failed(); }
  bool shared() const noexcept { return nodes_.size() > 1; }
  void ensure_alive();  ///< Starts a process on each node that has none and is to have one.

  // Moves; where they concern one node, it is a random one that does not stand still.
  void ask();
  void work(int handlers);
  void move_attempts();
  void advance(Duration by);
  void advance_to_next();
  void jump(Duration by);
  /// How far the wall clock was set back, all in all: what waits until an instant waits that much longer.
  Duration set_back() const noexcept { return set_back_; }
  void stop(Duration grace);
  void die();
  void stand_still(Duration time);

  // The end.
  void end_faults();
  void behave();
  void live_through(Duration time);
  void narrow_queues();
  void free_queues();
  void pause_all();
  void signal_all();

  // Checks.
  void audit();
  void check_settled();
  void check_overdue();
  void check_nothing_waits();
  void fill(Report& report) const;

 private:
  class Diagnostics;
  Duration monotonic() const { return std::chrono::duration_cast<Duration>(clock_->monotonic()); }
  std::unique_ptr<Store> open_store();
  Node& some_node();
  bool stands_still(const Node& node) const { return node.still_until > monotonic(); }
  void boot(Node& node);
  void heard(Node& node, const Event& event);
  void start(Node& node);
  void ensure_alive(Node& node);
  void die(Node& node);
  bool work_once(Node& node);
  void work(Node& node, int handlers);
  void work_off();
  void audit(Node& node);
  void check_file();

  Trace trace_{};
  Chance chance_;
  Chance attempt_chance_;
  Chance user_chance_;
  Options options_{};
  StoreKind kind_;
  store_test::TempDir dir_{};
  std::unique_ptr<power::PowerCutVfs> disk_{};
  std::shared_ptr<MemoryDatabase> database_ = make_memory_database();
  std::shared_ptr<testing::VirtualClock> clock_ = std::make_shared<testing::VirtualClock>();
  Stage stage_{};
  Shadow shadow_;
  FaultSource faults_;
  Users users_;
  bool behaving_ = false;
  int lives_ = 0;
  Duration set_back_{};
  std::vector<Node> nodes_;
};

}  // namespace taskcore::sim
