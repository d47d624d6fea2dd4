// What a scheduler is told once, when it is made. Every field has a default that suits a small program.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/clock.hpp"
#include "taskcore/logger.hpp"
#include "taskcore/quota.hpp"
#include "taskcore/random.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// Gives a secret by its name, as "${secret.NAME}" in a task's configuration asks for it; none: there is none. Called
/// when an attempt begins, on the scheduler's executor: it must be quick, and must not throw.
using SecretSource = std::function<std::optional<std::string>(std::string_view name)>;

/// How long what is over is kept. Pruning runs in small batches beside the work.
struct Retention {
  Duration runs = std::chrono::hours(24 * 30);   ///< Settled runs and their logs; zero keeps them for ever.
  Duration logs = std::chrono::hours(24 * 30);   ///< Log lines; zero keeps them as long as their runs.
  std::size_t keep_newest = 0;                   ///< For each task, that many newest runs stay whatever their age.
  Duration audit = std::chrono::hours(24 * 90);  ///< Rows of the audit trail; zero keeps them for ever.
  std::size_t audit_rows = 0;  ///< That many newest rows of the trail stay, whatever their age; zero: as many as come.
};

struct Options {
  std::shared_ptr<Clock> clock{};    ///< None: the system's.
  std::shared_ptr<Random> random{};  ///< None: seeded from the system.
  std::shared_ptr<Logger> logger{};  ///< None: silence.
  SecretSource secrets{};            ///< None: there are no secrets.

  std::string timezone = "UTC";      ///< For tasks that name none.
  int default_max_retries = 3;       ///< For tasks that name none: 0 to 1000.
  Duration default_timeout{300000};  ///< Likewise: 1 ms to 30 days.

  int max_concurrent = 16;              ///< Runs at the same time, all queues together: 1 to 100,000.
  std::map<std::string, int> queues{};  ///< Limit of each queue that needs one of its own.
  int function_threads = 0;             ///< Threads for blocking functions; 0: as many as `max_concurrent`, at most 64.

  Duration scheduler_interval{60000};  ///< The longest sleep between looks at the store: 10 ms to 1 day.
  Duration lease{15000};               ///< On a shared store: how long a silent node is believed alive.
  std::size_t lane_capacity = 20000;   ///< Requests that may wait for the store; beyond, calls get `overloaded`.
  Retention retention{};
  Quota quota{};  ///< Of each creator; Provenance::exempt_from_quota lifts it for one call.

  std::size_t max_output = 1024 * 1024;  ///< Bytes of log lines and output kept of one attempt.
  std::string script_directory{};        ///< Where scripts without `cwd` start; empty: the process's own directory.
  std::string script_root{};             ///< When set, a script's `cwd` must lie below it.
  /// What a script's `command` may be: bare names, looked up in PATH, and absolute paths. Empty: anything.
  std::vector<std::string> script_programs{};
  /// A control group (version 2) that this process may write to, as an absolute path below /sys/fs/cgroup: each attempt
  /// of a script gets one of its own below it. Empty: none.
  std::string script_cgroup{};
  std::string
      supervisor_path{};  ///< Of `taskcore-exec`; empty: looked for beside the program and where it was installed.
  bool scripts = true;    ///< Without, tasks of type "script" are refused.

  /// Run the store on the scheduler's own executor instead of a thread of its own: for tests that must be
  /// deterministic.
  bool store_inline = false;
};

}  // namespace taskcore
