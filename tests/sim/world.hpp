// The world of one simulation: what outlives processes (data, clock, users' memory), and the process that lives at
// present.
#pragma once

#include <memory>
#include <optional>

#include "sim/attempts.hpp"
#include "sim/simulation.hpp"
#include "sim/users.hpp"
#include "store/subject.hpp"
#include "taskcore/logger.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::sim {

class World {
 public:
  explicit World(const Setup& setup);
  ~World();

  bool failed() const noexcept { return trace_.failed(); }
  void ensure_alive();  ///< Starts a process when there is none.

  // Moves.
  void ask();
  void work(int handlers);
  void move_attempts();
  void advance(Duration by);
  void advance_to_next();
  void jump(Duration by);
  void stop(Duration grace);
  void die();

  // The end.
  void behave();
  void live_through(Duration time);
  void pause_all();

  // Checks.
  void audit();
  void check_settled();
  void check_overdue();
  void fill(Report& report) const;

 private:
  class Diagnostics;
  std::unique_ptr<Store> open_store();
  void boot();
  void bury();
  bool work_once();
  void start();

  Trace trace_{};
  Chance chance_;
  Chance attempt_chance_;
  Chance user_chance_;
  Options options_{};
  StoreKind kind_;
  store_test::TempDir dir_{};
  std::shared_ptr<MemoryDatabase> database_ = make_memory_database();
  std::shared_ptr<testing::VirtualClock> clock_ = std::make_shared<testing::VirtualClock>();
  Shadow shadow_;
  FaultSource faults_;
  Users users_;
  Begun begun_{};
  bool behaving_ = false;
  int lives_ = 0;

  // The living process.
  std::shared_ptr<Attempts> attempts_{};
  FaultyStore* store_ = nullptr;
  std::unique_ptr<testing::ManualHost> host_{};
  std::shared_ptr<void> subscription_{};
  std::uint64_t last_event_ = 0;
  bool starting_ = false;
  bool started_ = false;
  bool stopping_ = false;
  bool stopped_ = false;
};

}  // namespace taskcore::sim
