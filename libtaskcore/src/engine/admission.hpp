// What one queue may start within one claim: its pause, its limit, its rate, and the limit and rate of each concurrency
// key.
#pragma once

#include <optional>
#include <string>

#include "engine/ledger.hpp"
#include "engine/rate_window.hpp"

namespace taskcore {

class Admission {
 public:
  Admission(Ledger& ledger, const std::string& queue);

  /// How many more may start now, of any key.
  int room() const;
  /// Whether the run's key lets it start. If not, the queue is looked at again when it may.
  bool admits(const RunRow& run);
  /// It has started.
  void count(const RunRow& run);
  /// Writes what the queue's rate has seen. If it is used up, the queue is looked at again when it no longer is.
  void finish();

 private:
  RateWindow window(const Rate& rate, const std::string& key);
  void keep(const std::string& key, const RateWindow& window);

  Ledger& ledger_;
  const std::string& queue_;
  const QueueSpec& rules_;
  std::optional<RateWindow> rate_{};
  bool counted_ = false;
};

/// Whether a run that is ready now may be born running: a slot is free and nobody is ahead of it.
bool may_start_at_once(Ledger& ledger, const RunRow& run);

}  // namespace taskcore
