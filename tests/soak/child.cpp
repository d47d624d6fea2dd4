#include "soak/child.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include <thread>

#include "soak/load.hpp"
#include "soak/work.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::soak {
namespace {

constexpr int kUsers = 4;

HostOptions options(const Settings& settings) {
  HostOptions out;
  out.store = sqlite(settings.directory + "/soak.db");
  out.scheduler.max_concurrent = 32;
  out.scheduler.retention = {.runs = settings.keep(), .logs = settings.keep()};
  out.scheduler.supervisor_path = TASKCORE_EXEC_PATH;
  return out;
}

std::shared_ptr<void> tell_ends(Scheduler& scheduler) {
  return scheduler.on_event([](const Event& event) {
    if (event.type != Event::Type::run_settled) return;
    tell('S', event.run_id + " " + std::string(to_string(event.status)) + " " + event.task_id + " " +
                  std::to_string(event.at.time_since_epoch().count()));
  });
}

/// Calls `body(scheduler)` on a started host. What goes wrong is told.
template <class Body>
int with_host(const Settings& settings, int life, Body body) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Nothing is left behind when the parent is ended.
  try {
    Host host(options(settings));
    register_work(host.scheduler(), life, std::chrono::floor<Duration>(std::chrono::system_clock::now()));
    const auto subscription = tell_ends(host.scheduler());
    host.start().value();
    body(host.scheduler());
    host.stop(std::chrono::seconds(2)).value();
    return 0;
  } catch (const std::exception& error) {
    tell('!', std::string("life ") + std::to_string(life) + ": " + error.what());
    return 1;
  }
}

void wait_for_sigterm() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  int got = 0;
  ::sigwait(&set, &got);
}

void block_sigterm() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);  // before any thread is made: all inherit it
}

void pause_all(Scheduler& scheduler) {
  TaskQuery query;
  query.limit = 1000;
  do {
    const auto page = scheduler.list(query).value();
    for (const Task& task : page.items) {
      // Once-tasks may have been spent and removed meanwhile; the others are told.
      if (task.schedule.empty() || task.schedule == "manual" || !task.next_run_at) continue;
      const bool once = task.name == "once";
      if (!once) tell('c', task.id);
      const auto paused = scheduler.pause(task.id);
      if (!paused && paused.error().code != Errc::not_found) throw std::runtime_error(paused.error().detail);
      if (!once) tell('C', task.id + " " + std::to_string(paused->version) + " 1");
    }
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
}

void end_all(Scheduler& scheduler) {
  RunQuery live;
  live.status = {Status::pending, Status::running};
  live.limit = 1000;
  for (auto page = scheduler.runs(live).value(); !page.items.empty(); page = scheduler.runs(live).value()) {
    for (const Run& run : page.items) {
      if (!run.waiting_on.empty()) (void)scheduler.cancel_run(run.id);
    }
    (void)scheduler.wait(page.items.front().id, std::chrono::seconds(1));
  }
}

}  // namespace

int live(const Settings& settings, int life) {
  block_sigterm();
  return with_host(settings, life, [&](Scheduler& scheduler) {
    std::vector<std::jthread> users;
    for (int user = 0; user < kUsers; ++user) {
      users.emplace_back([&, user](const std::stop_token& stop) {
        try {
          Load(scheduler, settings, life, user, kUsers).run(stop);
        } catch (const std::exception& error) {
          tell('!', std::string("user ") + std::to_string(user) + ": " + error.what());
        }
      });
    }
    wait_for_sigterm();
  });
}

int drain(const Settings& settings, int life) {
  return with_host(settings, life, [&](Scheduler& scheduler) {
    pause_all(scheduler);
    end_all(scheduler);
  });
}

}  // namespace taskcore::soak
