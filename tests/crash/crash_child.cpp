// The process that is killed: it makes tasks and runs from two threads as fast as it can, and tells each
// acknowledgement to its standard output: "T <task>", "R <run>" when made, "S <run> <status>" when settled.
//   crash_child <database> <ledger>
#include <unistd.h>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

#include "crash/work.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

using namespace taskcore;

namespace {

void tell(char what, const std::string& rest) { crash::LedgerFile::put(STDOUT_FILENO, what, rest); }

/// Keeps the backlog short, so that runs end while more are made.
class Backlog {
 public:
  void add(int runs) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return runs_ < 200; });
    runs_ += runs;
  }
  void settled() {
    const std::lock_guard lock(mutex_);
    --runs_;
    changed_.notify_one();
  }

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  int runs_ = 0;
};

std::string make_task(Scheduler& scheduler, int number) {
  const auto task = scheduler.create(crash::work_task(number % 4 == 3 ? "now" : ""));
  if (!task) throw std::runtime_error(task.error().detail);
  tell('T', task->id);
  return task->id;
}

void make_load(Scheduler& scheduler, Backlog& backlog) {
  std::string task;
  for (int i = 0;; ++i) {
    if (i % 10 == 0) task = make_task(scheduler, i / 10);
    if (i % 3 == 2) {
      backlog.add(8);
      const auto runs = scheduler.submit(std::vector<ExecuteRequest>(8, {task, {}}));
      if (!runs) throw std::runtime_error(runs.error().detail);
      for (const std::string& id : *runs) tell('R', id);
    } else {
      backlog.add(1);
      const auto run = scheduler.execute(task);
      if (!run) throw std::runtime_error(run.error().detail);
      tell('R', run->id);
    }
  }
}

void live(const char* database, const char* ledger) {
  HostOptions options;
  options.store = sqlite(database);
  Host host(std::move(options));
  Backlog backlog;
  register_work(host.scheduler(), std::make_shared<crash::LedgerFile>(ledger));
  const auto subscription = host.scheduler().on_event([&](const Event& event) {
    if (event.type != Event::Type::run_settled) return;
    tell('S', event.run_id + " " + std::string(to_string(event.status)));
    backlog.settled();
  });
  if (auto started = host.start(); !started) throw std::runtime_error(started.error().detail);
  std::jthread other([&] { make_load(host.scheduler(), backlog); });
  make_load(host.scheduler(), backlog);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    live(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << "crash_child: " << error.what() << std::endl;
    ::_exit(1);
  }
  return 0;
}
