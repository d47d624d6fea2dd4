// A host that links the core alone: a function and a script, each run once. Arguments: the store's file, and where
// taskcore-exec was installed.
#include <iostream>
#include <string>
#include <taskcore/taskcore.hpp>
#include <taskcore/version.hpp>
#include <utility>

namespace {

/// Runs a task once and gives the run when it is over.
taskcore::Result<taskcore::Run> run_once(taskcore::Scheduler& scheduler, taskcore::TaskSpec spec) {
  const auto task = scheduler.ensure(std::move(spec));
  if (!task) return task.error();
  const auto run = scheduler.execute(task->id);
  if (!run) return run.error();
  return scheduler.wait(run->id, std::chrono::seconds(30));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  taskcore::HostOptions options;
  options.store = taskcore::sqlite(argv[1]);
  options.scheduler.supervisor_path = argv[2];
  taskcore::Host host(std::move(options));
  auto& scheduler = host.scheduler();

  scheduler.function("greet", [](taskcore::RunContext&, const boost::json::value& params) {
    return boost::json::value("greeted " + std::string(params.at("name").as_string()));
  });
  if (const auto started = host.start(); !started) {
    std::cerr << started.error().detail << '\n';
    return 1;
  }

  taskcore::TaskSpec greeter;
  greeter.id = greeter.name = "greeter";
  greeter.config = taskcore::call("greet", {{"name", "world"}});
  const auto greeted = run_once(scheduler, std::move(greeter));
  taskcore::TaskSpec echo;
  echo.id = echo.name = "echo";
  echo.config = taskcore::script({.command = "echo", .args = {"hello"}});
  const auto echoed = run_once(scheduler, std::move(echo));
  if (!greeted || !echoed) {
    std::cerr << (greeted ? echoed : greeted).error().detail << '\n';
    return 1;
  }

  std::cout << "taskcore " << taskcore::kVersion << '\n'
            << "function: " << (greeted->result.is_string() ? greeted->result.as_string().c_str() : "no result") << '\n'
            << "script: " << taskcore::to_string(echoed->status) << '\n';
  return host.stop() ? 0 : 1;
}
