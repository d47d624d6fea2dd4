#include "soak/work.hpp"

#include <poll.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>

namespace taskcore::soak {
namespace {

struct Life {
  int number;
  TimePoint born;
};

/// Only what this life asked for and this life begins is a latency: else the time between two lives counts.
void tell_start(const RunContext& run, const Life& life) {
  const auto instant = run.scheduled_for();
  tell('B', run.id() + " " + std::to_string(run.attempt()) + " " + run.task_id() + " " +
                std::to_string(instant ? instant->time_since_epoch().count() : 0));
  if (run.attempt() != 1) return;
  if (instant) {
    if (*instant < life.born) return;
    tell_latency("instant-to-start", microseconds(std::chrono::system_clock::now() - *instant));
  } else if (const auto* params = run.params().if_object(); params != nullptr && params->at("life") == life.number) {
    const Steady::time_point asked{Steady::duration(params->at("at").as_int64())};
    const bool may_wait = run.task_id().starts_with("down");  // for its dependency, as long as that takes
    tell_latency(may_wait ? "dependent-call-to-start" : "call-to-start", microseconds(Steady::now() - asked));
  }
}

void work(RunContext& run) {
  const std::size_t kind = std::hash<std::string>{}(run.id());
  if (kind % 4 == 0)
    run.log(LogLevel::info, "a line of a run, as long as such lines are", {{"attempt", run.attempt()}});
  if (kind % 16 == 1) throw fatal("this one fails for good");
  if (kind % 8 == 2 && run.attempt() == 1) throw std::runtime_error("the first attempt fails");
  ::poll(nullptr, 0, static_cast<int>(kind / 16 % 4));
}

/// Waits until it is asked to stop.
void be_slow(RunContext& run) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, run.stop_token(), [] { return false; });
}

}  // namespace

void register_work(Scheduler& scheduler, int life, TimePoint born) {
  const Life self{life, born};
  scheduler.function("work", [self](RunContext& run, const boost::json::value&) {
    tell_start(run, self);
    work(run);
  });
  scheduler.function("slow", [self](RunContext& run, const boost::json::value&) {
    tell_start(run, self);
    be_slow(run);
  });
}

boost::json::object stamped(int life) { return {{"at", Steady::now().time_since_epoch().count()}, {"life", life}}; }

TaskSpec work_task(std::string id) {
  TaskSpec spec;
  spec.name = id.empty() ? "once" : id;
  spec.id = std::move(id);
  spec.config = call("work");
  spec.overlap = Overlap::allow;
  spec.max_lost = 100;
  spec.max_retries = 2;
  spec.retry.initial_delay = Duration(20);
  spec.retry.max_delay = Duration(100);
  return spec;
}

TaskSpec slow_task(std::string id) {
  TaskSpec spec = work_task(std::move(id));
  spec.config = call("slow");
  spec.timeout = Duration(30);
  spec.max_retries = 1;
  return spec;
}

TaskSpec script_task(std::string id) {
  TaskSpec spec = work_task(std::move(id));
  spec.config = script({.command = "/bin/true"});
  return spec;
}

TaskSpec scheduled_task(std::string id, const std::string& schedule) {
  TaskSpec spec = work_task(std::move(id));
  spec.schedule = schedule;
  return spec;
}

}  // namespace taskcore::soak
