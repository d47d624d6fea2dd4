// A place where processes live, one after the other. There is one, or on a shared store several.
#pragma once

#include <memory>

#include "sim/attempts.hpp"
#include "sim/faulty_store.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::sim {

struct Node {
  int number = 0;
  /// Monotonic time until which it stands still, or nobody starts a process here.
  Duration still_until{};

  // The living process.
  std::shared_ptr<Attempts> attempts{};
  FaultyStore* store = nullptr;
  std::unique_ptr<testing::ManualHost> host{};
  std::shared_ptr<void> subscription{};
  std::uint64_t last_event = 0;
  bool starting = false;
  bool started = false;
  bool stopping = false;
  bool stopped = false;

  bool serves() const { return host && started && !stopping && store->is_open(); }
  /// The process is gone, and with it all that it held.
  void bury() {
    host.reset();
    subscription.reset();
    attempts.reset();
    store = nullptr;
    starting = started = stopping = stopped = false;
  }
};

}  // namespace taskcore::sim
