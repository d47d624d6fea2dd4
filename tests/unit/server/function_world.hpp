// A scheduler whose functions come from a JavaScript module, for tests: real Node.js, a store in memory.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "functions/function_module.hpp"
#include "loop.hpp"
#include "support/catch.hpp"
#include "support/node.hpp"
#include "support/temp_dir.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/stores/memory.hpp"

namespace taskd::testing {

using test_support::TempDir;

class FunctionWorld {
 public:
  explicit FunctionWorld(const std::string& module, const std::string& name = "tasks.js",
                         const std::map<std::string, std::string>& other_files = {}) {
    for (const auto& [file, text] : other_files) dir.write(file, text);
    FunctionModule::Options options;
    options.file = dir.write(name, module);
    options.log = [this](taskcore::LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_ += std::string(line) + '\n';
    };
    functions = FunctionModule::make(loop.context.get_executor(), std::move(options));
    const auto loaded = functions->load();
    if (!loaded) FAIL(loaded.error().detail);
    names = *loaded;
    scheduler = std::make_unique<taskcore::Scheduler>(loop.context.get_executor(), taskcore::memory());
    functions->add_to(*scheduler, names);
    REQUIRE(scheduler->start().has_value());
  }
  ~FunctionWorld() {
    (void)scheduler->stop(taskcore::Duration(0));
    functions->stop();
    loop.stop();
  }
  FunctionWorld(const FunctionWorld&) = delete;
  FunctionWorld& operator=(const FunctionWorld&) = delete;

  /// A task that calls a function: three quick retries, and a short grace.
  static taskcore::TaskSpec task(const std::string& function, boost::json::object params = {}) {
    taskcore::TaskSpec spec;
    spec.id = spec.name = function;
    spec.config = taskcore::call(function, std::move(params));
    spec.retry.initial_delay = spec.retry.max_delay = taskcore::Duration(1);
    spec.kill_grace = taskcore::Duration(50);
    return spec;
  }

  std::string begin(taskcore::TaskSpec spec) {
    const std::string id = spec.id;
    if (const auto made = scheduler->ensure(std::move(spec)); !made) FAIL(made.error().detail);
    const auto run = scheduler->execute(id);
    REQUIRE(run.has_value());
    return run->id;
  }
  taskcore::Run end(const std::string& run) {
    const auto ended = scheduler->wait(run, std::chrono::seconds(30));
    if (!ended) FAIL(ended.error().detail);
    return *ended;
  }
  taskcore::Run run(taskcore::TaskSpec spec) { return end(begin(std::move(spec))); }
  taskcore::Run run(const std::string& function) { return run(task(function)); }

  /// The lines of a run's log that the function has written: "stdout: text" and "INFO: text".
  std::vector<std::string> lines(const taskcore::Run& run) {
    taskcore::LogQuery query;
    query.task_id = run.task_id;
    query.run_id = run.id;
    query.limit = 1000;
    const auto page = scheduler->logs(query);
    REQUIRE(page.has_value());
    std::vector<std::string> out;
    for (const auto& entry : page->items) {
      const bool output = entry.stream != taskcore::LogStream::system;
      out.push_back(std::string(output ? to_string(entry.stream) : to_string(entry.level)) + ": " + entry.message);
    }
    return out;
  }

  std::string server_log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  TempDir dir;
  Loop loop{1};
  std::shared_ptr<FunctionModule> functions;
  std::vector<std::string> names;
  std::unique_ptr<taskcore::Scheduler> scheduler;

 private:
  std::mutex mutex_;
  std::string log_;
};

inline bool holds(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

}  // namespace taskd::testing
