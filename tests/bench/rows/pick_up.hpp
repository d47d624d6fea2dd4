// A handler that stamps its start, and who waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "harness/measure.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {

class PickUp {
 public:
  explicit PickUp(const std::string& path) : host_(options(path)) {
    auto& scheduler = host_.scheduler();
    scheduler.function("stamp", [this](taskcore::RunContext&, const boost::json::value&) {
      started_ = now();
      started_wall_ = std::chrono::system_clock::now();
      stamped_.store(true, std::memory_order_release);
      stamped_.notify_one();
    });
    scheduler
        .ensure(
            {.id = "bench", .name = "bench", .config = taskcore::call("stamp"), .overlap = taskcore::Overlap::allow})
        .value();
    host_.start().value();
  }

  taskcore::Scheduler& scheduler() { return host_.scheduler(); }

  /// From the call of `execute` to the handler's start.
  double pick_up_us() {
    stamped_ = false;
    const auto submitted = now();
    host_.scheduler().execute("bench").value();
    stamped_.wait(false, std::memory_order_acquire);
    return std::chrono::duration<double, std::micro>(started_ - submitted).count();
  }

  /// How late a task starts that is due in a moment, the first of all that are stored.
  double first_due_us() {
    stamped_ = false;
    const auto instant =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::system_clock::now()) + std::chrono::milliseconds(30);
    taskcore::TaskSpec spec{.name = "due", .config = taskcore::call("stamp"), .schedule = "every 100 days"};
    spec.start_at = instant;
    host_.scheduler().create(std::move(spec)).value();
    stamped_.wait(false, std::memory_order_acquire);
    return std::chrono::duration<double, std::micro>(started_wall_ - instant).count();
  }

 private:
  static taskcore::HostOptions options(const std::string& path) {
    taskcore::HostOptions out;
    out.store = taskcore::sqlite(path);
    out.scheduler.function_threads = 1;
    return out;
  }

  SteadyTime started_{};
  std::chrono::system_clock::time_point started_wall_{};
  std::atomic<bool> stamped_{false};
  taskcore::Host host_;
};

}  // namespace bench
