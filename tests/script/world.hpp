// A host that runs scripts for real, and all that a test asks of them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "taskcore/taskcore.hpp"

namespace taskcore::script_test {

using test_support::TempDir;

inline Options with_supervisor(Options options) {
  if (options.supervisor_path.empty()) options.supervisor_path = TASKCORE_EXEC_PATH;
  return options;
}

/// A configuration as a user writes it.
inline TaskConfig config_of(const std::string& json) {
  return {.type = "script", .values = boost::json::parse(json).as_object()};
}

/// What /bin/sh runs.
inline TaskConfig shell(const std::string& text) { return script({.command = text, .shell = true}); }

class World {
 public:
  explicit World(Options options = {}, std::unique_ptr<Store> store = {})
      : host_(HostOptions{.store = std::move(store), .scheduler = with_supervisor(std::move(options))}) {
    host_.start().value();
  }

  Scheduler* operator->() { return &host_.scheduler(); }

  /// Runs a task to its end.
  Run run(TaskSpec spec, boost::json::value params = {}) {
    spec.name = spec.id;
    host_.scheduler().create(spec).value();
    const std::string id = host_.scheduler().execute(spec.id, std::move(params)).value().id;
    return host_.scheduler().wait(id, std::chrono::minutes(2)).value();
  }
  /// The same for a configuration alone, without retries.
  Run run(TaskConfig config, boost::json::value params = {}) {
    return run({.id = "task-" + std::to_string(++made_), .name = "", .config = std::move(config), .max_retries = 0},
               std::move(params));
  }

  std::vector<LogEntry> logs(const std::string& run) {
    std::vector<LogEntry> out;
    LogQuery query{.run_id = run, .limit = 1000};
    do {
      auto page = host_.scheduler().logs(query).value();
      out.insert(out.end(), page.items.begin(), page.items.end());
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    return out;
  }
  /// The lines of one stream.
  std::vector<std::string> lines(const Run& run, LogStream stream) {
    std::vector<std::string> out;
    for (const LogEntry& entry : logs(run.id)) {
      if (entry.stream == stream) out.push_back(entry.message);
    }
    return out;
  }
  std::vector<std::string> output(const Run& run) { return lines(run, LogStream::stdout_); }

 private:
  Host host_;
  int made_ = 0;
};

using Lines = std::vector<std::string>;

}  // namespace taskcore::script_test
