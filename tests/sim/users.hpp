// The users of a simulation: they ask for anything at any time, and hold the scheduler to each answer.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/setup.hpp"
#include "sim/shadow.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore::sim {

class Users {
 public:
  Users(Chance& chance, Trace& trace, Shadow& shadow, const testing::VirtualClock& clock, const Setup& setup)
      : chance_(chance), trace_(trace), shadow_(shadow), clock_(clock), setup_(setup) {}

  /// Makes one request. Its answer is checked when it comes; a crash may take it away.
  void ask(Scheduler& scheduler);
  int answers() const noexcept { return answers_; }

 private:
  void pause(Scheduler& scheduler);
  void create(Scheduler& scheduler);
  void create_all(Scheduler& scheduler);
  void ensure(Scheduler& scheduler);
  void update(Scheduler& scheduler);
  void remove(Scheduler& scheduler);
  void put_calendar(Scheduler& scheduler);
  void remove_calendar(Scheduler& scheduler);
  void put_queue(Scheduler& scheduler);
  void backfill(Scheduler& scheduler);
  void retry(Scheduler& scheduler);
  void turn_workflow(Scheduler& scheduler);
  void bulk(Scheduler& scheduler);
  void remove_runs(Scheduler& scheduler);
  void execute(Scheduler& scheduler);
  void submit(Scheduler& scheduler);
  void cancel(Scheduler& scheduler);
  void signal(Scheduler& scheduler);
  void wait(Scheduler& scheduler);
  void read(Scheduler& scheduler);
  void get(Scheduler& scheduler, const std::string& id);
  void get_run(Scheduler& scheduler, const std::string& id);
  void list(Scheduler& scheduler);
  void list_runs(Scheduler& scheduler, const std::string& id);
  void list_dead_letters(Scheduler& scheduler);
  void next(Scheduler& scheduler, const std::string& id);
  void get_calendar(Scheduler& scheduler, const std::string& name);

  void unless_left_out(Spice spice, void (Users::*verb)(Scheduler&), Scheduler& scheduler);

  std::string some_id();
  std::string some_run();
  RunSelection some_runs();
  std::string next_mark() { return "write " + std::to_string(++marks_); }

  void expect_task(const char* verb, const Result<Task>& answer);
  void expect_run(const std::string& id);
  void expect_cancelled(const std::vector<RunKey>& runs);
  /// Notes the answer; false for an error, which must be one that a caller can act on.
  template <class T>
  bool heard(const char* verb, const Result<T>& answer) {
    ++answers_;
    if (answer) return trace_.note(std::string(verb) + " ok"), true;
    refused(verb, answer.error());
    return false;
  }
  void refused(const char* verb, const Error& error);

  Chance& chance_;
  Trace& trace_;
  Shadow& shadow_;
  const testing::VirtualClock& clock_;
  const Setup setup_;
  std::vector<std::string> ids_{};
  std::set<std::string> removed_calendars_{};
  int marks_ = 0;
  int made_ = 0;
  int answers_ = 0;
};

}  // namespace taskcore::sim
