// The function that is killed in the middle: it tells the ledger when it begins and when it has come to its end.
#pragma once

#include <poll.h>

#include <functional>
#include <memory>
#include <stdexcept>

#include "crash/ledger.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore::crash {

/// Every eighth run fails once, to be tried again; the others take up to 8 ms.
inline void register_work(Scheduler& scheduler, std::shared_ptr<const LedgerFile> ledger) {
  scheduler.function("work", [ledger](RunContext& context, const boost::json::value&) {
    ledger->note('B', context.id(), context.attempt());
    const std::size_t kind = std::hash<std::string>{}(context.id());
    if (kind % 8 == 0 && context.attempt() == 1) throw std::runtime_error("the first attempt fails");
    ::poll(nullptr, 0, static_cast<int>(kind / 8 % 9));
    ledger->note('E', context.id(), context.attempt());
  });
}

/// A task whose runs must all complete in the end, however often they are killed.
inline TaskSpec work_task(const std::string& schedule) {
  TaskSpec spec;
  spec.name = "work";
  spec.config = call("work");
  spec.schedule = schedule;
  spec.overlap = Overlap::allow;
  spec.max_lost = 100;
  spec.max_retries = 3;
  spec.retry.initial_delay = Duration(10);
  spec.retry.max_delay = Duration(100);
  spec.retry.jitter = Jitter::none;
  return spec;
}

}  // namespace taskcore::crash
