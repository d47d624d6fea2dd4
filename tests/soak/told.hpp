// All that the children told, over all lives: what was acknowledged, how it ended, how long it took. The lines are
//   c <task>                                    a change of this task is about to be asked for
//   d <task>                                    its removal, likewise
//   C <task> <version> <paused>                 the change is acknowledged, and how the task stands
//   D <task>                                    the removal is acknowledged
//   U <task>                                    the change was refused: the task is as it was
//   O <task>                                    a once-task is made
//   R <run> <task>                              a run is made
//   B <run> <attempt> <task> <instant or 0>     a function begins
//   S <run> <status> <task> <finished, ms>      a run has ended
//   L <kind> <µs>                               a latency
//   N <what>                                    something else was done, to be counted
//   ! <why>                                     what must not happen
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "soak/histogram.hpp"
#include "taskcore/store.hpp"

namespace taskcore::soak {

/// A task that its one user tells of.
struct ToldTask {
  bool pending = false;  ///< A change is under way, or was when the child was killed.
  bool exists = false;
  std::int64_t version = 0;
  bool paused = false;
  TimePoint removal_asked{};  ///< The last time: its runs of before may be gone.
};

struct ToldRun {
  std::string task{};
  TimePoint told_at{};
  bool acknowledged = false;
  std::string status{};  ///< Empty until its end was told.
  TimePoint finished{};
};

class Told {
 public:
  /// Takes whole lines, told at `now` or somewhat later; what follows the last line's end is cut off, as a kill does.
  /// Gives what contradicts what was told before, or nothing.
  std::string learn(std::string_view text, TimePoint now);

  std::map<std::string, ToldTask>& tasks() noexcept { return tasks_; }
  std::map<std::string, TimePoint>& once() noexcept { return once_; }
  std::map<RunKey, ToldRun>& runs() noexcept { return runs_; }
  const std::map<std::string, Histogram>& latencies() const noexcept { return latencies_; }
  const std::map<std::string, std::uint64_t>& counts() const noexcept { return counts_; }
  /// Forgets which instants were seen before `before`.
  void forget_instants(TimePoint before);

 private:
  std::string learn_line(std::string_view line, TimePoint now);
  std::string learn_task(char what, const std::string& task, std::int64_t version, bool paused, TimePoint now);
  std::string learn_begin(RunKey run, int attempt, const std::string& task, std::int64_t instant);
  std::string learn_end(RunKey run, const std::string& status, const std::string& task, TimePoint finished,
                        TimePoint now);

  std::map<std::string, ToldTask> tasks_{};
  std::map<std::string, TimePoint> once_{};  ///< And when they were told.
  std::map<RunKey, ToldRun> runs_{};
  std::map<std::pair<std::string, std::int64_t>, RunKey> instants_{};
  std::map<std::string, Histogram> latencies_{};
  std::map<std::string, std::uint64_t> counts_{};
};

}  // namespace taskcore::soak
