// Lives in a closed loop: so many runs are in flight at any time; as some settle, others are submitted.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "taskcore/options.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/store.hpp"
#include "taskcore/task.hpp"

namespace bench {

/// The options of every row that measures throughput: 4096 slots, one function thread; the loop has one thread, too.
taskcore::Options throughput_options();
inline constexpr const char* kThroughputSetup = "4096 slots, 1 loop thread, 1 function thread";

/// How a run comes about.
enum class Submission {
  batches,     ///< `submit` of a batch of runs of one task.
  single,      ///< One `execute` a run, of one task.
  task_a_run,  ///< `create` of a task that is due at once.
};

struct Loop {
  std::size_t total = 0;      ///< Lives: a multiple of `batch`.
  std::size_t in_flight = 0;  ///< Submitted and not settled, at most.
  std::size_t batch = 1;      ///< How many are submitted together.
  Submission submission = Submission::batches;
  taskcore::TaskConfig config = taskcore::call("nothing");  ///< What is run: by default a function that does nothing.
  taskcore::Options options = throughput_options();
  std::function<void(taskcore::Scheduler&)> prepare{};     ///< Before the start.
  std::function<void(std::size_t settled)> on_thousand{};  ///< Called on the loop's thread.
};

/// The parameters of a run, or the payload of a raw row: about 200 bytes.
const std::string& payload();

/// Lives a second: submit, claim, execution, settle. Every run must complete; throws otherwise.
double lives_per_second(std::unique_ptr<taskcore::Store> store, const Loop& loop);

}  // namespace bench
