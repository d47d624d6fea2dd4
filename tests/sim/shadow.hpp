// A copy of the rows outside the store, fed with each commit as it happens, and what must hold among them. The store is
// compared with it after each restart, so whatever was committed is seen to survive.
#pragma once

#include <map>
#include <set>
#include <string>

#include "sim/faulty_store.hpp"
#include "sim/rules.hpp"
#include "sim/stage.hpp"
#include "taskcore/options.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/schedule.hpp"

namespace taskcore::sim {

class Shadow final : public Witness {
 public:
  Shadow(Trace& trace, const Options& options, const Stage& stage, bool shared)
      : trace_(trace), options_(options), stage_(stage), shared_(shared) {}

  void committed(const Touched& touched, StoreReader& reader) override;

  /// All work of this instant is done: no run waits that one node could start. Not for a store that is shared.
  void check_nothing_waits(TimePoint now);
  /// The store holds exactly the rows that were committed.
  void compare(StoreReader& reader);

  const TaskRow* find_task(const std::string& id) const;
  /// The stored text of a calendar; empty when there is none.
  std::string find_calendar(const std::string& name) const;
  bool knows_queue(const std::string& name) const { return queues_.contains(name); }
  const TaskRow* find_task(TaskKey key) const;
  const RunRow* find_run(RunKey id) const;
  /// Whether it was made at all; it may have gone with its task since.
  bool knows_run(RunKey id) const { return runs_.contains(id) || vanished_runs_.contains(id); }
  /// Whether readers are to find it.
  bool shows_run(RunKey id) const {
    const auto it = runs_.find(id);
    return it != runs_.end() && !pruned_runs_.contains(id) && !tasks_.at(it->second.task).deleted;
  }
  const std::map<TaskKey, TaskRow>& tasks() const noexcept { return tasks_; }
  const std::map<RunKey, RunRow>& runs() const noexcept { return runs_; }
  const std::set<RunKey>& live() const noexcept { return live_; }
  /// The spec of a version that was once committed; empty when none was seen.
  std::string spec_of(const std::string& id, std::int64_t version) const;
  /// Whether an earlier task of this id had that version with this description: answers may come late.
  bool had_spec(const std::string& id, std::int64_t version, const std::string& description) const;
  /// Whether a task of this id was ever deleted.
  bool has_gone(const std::string& id) const;
  /// What its dependencies say to a waiting run: that it may go, is to wait, or is to end.
  enum class Gate { open, shut, failed, not_needed };
  Gate gate_of(const RunRow& run, TimePoint now) const;
  /// Whether this attempt was declared lost.
  bool was_lost(Stage::Name attempt) const { return lost_.contains(attempt); }

  /// Users asked for this task's removal.
  void may_vanish(const std::string& id) { vanishing_.insert(id); }
  /// A user has asked for a run's removal.
  void may_go(RunKey id) { removable_runs_.insert(id); }

  bool has_had_signal(RunKey run, const std::string& value) const { return signals_.contains({run, value}); }

 private:
  void learn_calendar(const std::string& name, StoreReader& reader);
  void learn_woken(StoreReader& reader);
  void learn_queue(const std::string& name, StoreReader& reader);
  void learn_task(TaskRow row);
  void check_unique_keys();
  void check_items(RunKey id);
  void learn_run(const RunRow& row);
  void check_second(const RunRow& row, const RunRow& first);
  void learn_vanished(RunKey id, TaskKey task);
  void learn_pruned(StoreReader& reader);
  void check_vanished(const TaskRow& row);
  void check_counters(const TaskRow& row);
  void check_limits();
  QueueSpec rules_of(const std::string& queue) const;
  void check_flow(const Touched& touched);
  void check_rate(const std::optional<Rate>& rate, const std::string& queue, const std::string& key);
  bool may_be_used_up(const std::optional<Rate>& rate, const std::string& queue, const std::string& key,
                      TimePoint now) const;
  struct Upstreams {
    void add(const RunRow* run);  ///< Null: it is open. Items that ended both ways count for both.
    int open = 0;
    int completed = 0;
    int failed = 0;
    bool moved = false;  ///< By this very commit, in a way that may have come after its gates were looked at.
  };
  Upstreams upstreams_of(const RunRow& run, TimePoint now) const;
  static Gate decide(const TaskSpec& spec, const Upstreams& ups);
  void check_gates(const Touched& touched);
  Upstreams news_of(const TaskRow& task, const std::vector<RunKey>& followed, const std::vector<RunKey>& until) const;
  std::vector<RunKey> settled_of(const TaskRow& task) const;
  Gate follow(const TaskRow& task, const Upstreams& news) const;
  void leave_to_workflows(const TaskRow& task, std::vector<RunKey>& followed) const;
  void check_following(const Touched& touched);
  bool ended_twice(const std::vector<RunKey>& before, const TaskRow& task) const;
  bool follows_one(TaskKey task) const;
  void check_claim(const RunRow& after);
  void note_moved(const TaskRow& before, const TaskRow& after);
  void check_instants(TaskKey key, TimePoint from, std::size_t skipped);
  void check_open(const Touched& touched);
  Schedule schedule_of(const TaskRow& task) const;
  void check_bounds(const RunRow& row);
  void check_side_by_side(RunKey id);
  void check_end(const RunRow& before, const RunRow& after);
  void check_signal(const RunRow& before, const RunRow& after);
  void check_loss(const RunRow& before, const RunRow& after);
  void check_leases(const Touched& touched);
  bool lease_holds(const std::string& node) const;
  void complain(const std::string& wrong, const std::string& about);

  Trace& trace_;
  const Options& options_;
  const Stage& stage_;
  const bool shared_;
  std::map<std::string, CalendarRow> calendars_{};
  std::map<std::string, QueueSpec> queues_{};
  std::map<std::pair<std::string, std::string>, std::vector<TimePoint>> starts_{};  ///< Since the queue was set.
  std::map<std::pair<std::string, std::string>, std::vector<TimePoint>> all_starts_{};
  std::map<TaskKey, TaskRow> tasks_{};
  std::map<RunKey, RunRow> runs_{};
  std::set<RunKey> live_{};
  std::set<std::pair<RunKey, std::string>> signals_{};  ///< That runs have ever had.
  std::map<TaskKey, std::set<RunKey>> runs_of_{};
  std::map<RunKey, std::set<RunKey>> items_{};
  std::set<RunKey> pruned_runs_{};
  std::set<RunKey> removable_runs_{};
  std::set<RunKey> vanished_runs_{};
  std::set<TaskKey> pruned_tasks_{};
  std::set<std::string> deleted_{};  ///< Ids of tasks that were ever deleted, also of those that no commit showed.
  std::map<TaskKey, Allowance> allowances_{};
  std::map<TaskKey, std::int64_t> made_{};  // runs that the schedule made since it was set
  std::map<std::string, TaskKey> keys_{};
  std::map<std::pair<std::string, std::int64_t>, std::string> specs_{};
  std::multimap<std::pair<std::string, std::int64_t>, std::string> earlier_specs_{};  ///< Of tasks that are gone.
  std::map<std::pair<TaskKey, TimePoint>, RunKey> instants_{};
  std::set<TaskKey> due_anew_{};  ///< Whose calendar was ever put anew.
  std::set<std::string> vanishing_{};
  std::set<Stage::Name> lost_{};
  std::map<std::string, TimePoint> leases_{};

  // In the commit at hand.
  TimePoint at_{};
  std::string node_{};
  std::set<TaskKey> edited_{};
  std::vector<RunKey> opened_{};                        // let go by their gates
  std::set<RunKey> settled_at_gate_{};                  // turned away by them
  std::set<RunKey> ended_at_claim_{};                   // for want of items, which is after the gates
  std::map<TaskKey, std::vector<RunKey>> followed_{};   // tasks that followed their dependencies, from there
  std::vector<std::pair<TaskKey, TimePoint>> moved_{};  // whose next instant was that one
  std::vector<TaskRow> released_{};                     // tasks without their unique key, as they were when they had it
  std::set<RunKey> born_{};
  std::vector<RunKey> begun_{};
  std::vector<RunKey> unheld_{};                     // new, or no longer behind another
  std::vector<std::pair<RunKey, RunKey>> second_{};  // new, and for an instant that another one stood for
};

}  // namespace taskcore::sim
