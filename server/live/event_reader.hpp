// One caller's stream of events: reads the feed from where it is, at the pace of the client.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "live/live_feed.hpp"
#include "live/live_stream.hpp"

namespace taskd {

/// Which events a caller wants, of those that they may see.
struct EventFilter {
  std::string task_id{};             ///< Empty: of all tasks.
  std::vector<std::string> types{};  ///< Of events, or `task` and `run` for all of those; empty: all.
};

class EventReader : public LiveStream {
 public:
  /// Begins behind the event `after`. Where the feed does not reach back to it, the first event is `reset`.
  EventReader(std::shared_ptr<LiveFeed> feed, std::shared_ptr<const Request> request, std::shared_ptr<void> seat,
              EventFilter filter, std::uint64_t after);

  void more() override { read_on(); }
  void heard(std::span<const ToldPtr>) override { read_on(); }
  /// Says how far the caller is, although nothing was for them: so that they can come back late.
  std::string heartbeat() override;

 private:
  void read_on();
  bool wants(const Told& told) const;

  const std::shared_ptr<LiveFeed> feed_;
  const EventFilter filter_;
  std::mutex mutex_{};
  std::uint64_t at_;  ///< The last event that was looked at.
};

}  // namespace taskd
