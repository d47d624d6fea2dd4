// One user of the scheduler: it asks for one thing after the other, drawn from its seed, at a steady rate. Its tasks
// are its own, so that it knows how each stands.
#pragma once

#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "soak/settings.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore::soak {

class Load {
 public:
  Load(Scheduler& scheduler, const Settings& settings, int life, int user, int users);

  /// Until it is asked to stop. Throws when a call gives an error that it should not.
  void run(const std::stop_token& stop);

 private:
  void make_tasks();
  void act();
  void execute(const std::string& task, const char* kind);
  void submit_many();
  void make_once();
  void edit();
  void pause_or_resume();
  void recreate();
  void cancel();
  /// Tells that a change begins, does it, tells how the task stands and how long it took.
  template <class Call>
  void change(const std::string& task, const char* kind, Call call);

  std::string id(const char* what) const { return what + ("-" + std::to_string(user_)); }
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  Scheduler& scheduler_;
  std::mt19937 random_;
  int life_;
  int user_;
  std::chrono::microseconds pace_;
  std::string newest_run_{};
};

}  // namespace taskcore::soak
