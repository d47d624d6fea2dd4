// The scheduler's events, told on to everybody who listens: one subscription, the newest events for those who come
// back, and the clock of all streams. What a stream makes of an event is its own affair.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/problem.hpp"
#include "live/audiences.hpp"
#include "live/live_stream.hpp"

namespace taskd {

struct LiveLimits {
  std::size_t kept_events = 4096;  ///< For those who come back.
  std::size_t streams = 1000;      ///< Of all users.
  std::size_t streams_per_user = 32;
};

/// Ids are microseconds since 1970, made to grow by at least one: so they also grow from one life of the server to the
/// next, and the gaps between those that a caller gets do not count what others do.
class LiveFeed : public std::enable_shared_from_this<LiveFeed> {
 public:
  static constexpr std::chrono::milliseconds kTick{250};

  /// `still_good` says whether the token of a request would be taken once more; asked of every stream each second. The
  /// scheduler must outlive the feed, but for its destruction.
  static std::shared_ptr<LiveFeed> make(taskcore::Scheduler& scheduler, boost::asio::any_io_executor executor,
                                        LiveLimits limits, std::function<bool(const Request&)> still_good);

  /// The right to one stream. 429 or 503 with Retry-After where there are too many. The first call begins the
  /// subscription.
  Outcome<std::shared_ptr<void>> take_seat(const std::string& user);

  /// From now on the stream is told what happens.
  void join(const std::shared_ptr<LiveStream>& stream);

  /// An id behind all events so far, which none of them has: it tells nothing of when others did something. That of the
  /// newest while events are on their way.
  std::uint64_t mark();

  struct Batch {
    bool is_gap = false;  ///< What followed is not all there any more: `after` is too old, or of no event of ours.
    std::vector<ToldPtr> events{};
  };
  /// At most `most` events that follow `after`.
  Batch events_after(std::uint64_t after, std::size_t most) const;

  /// A task that is about to be deleted: so that its people hear of that.
  void remember(const taskcore::Task& task);

 private:
  LiveFeed(taskcore::Scheduler& scheduler, boost::asio::any_io_executor executor, LiveLimits limits,
           std::function<bool(const Request&)> still_good);

  void on_event(const taskcore::Event& event);
  void tell();
  void wait_for_tick();
  void tick();
  std::vector<std::shared_ptr<LiveStream>> streams();
  void leave(const std::string& user);

  taskcore::Scheduler& scheduler_;
  const boost::asio::any_io_executor executor_;
  const LiveLimits limits_;
  const std::function<bool(const Request&)> still_good_;
  Audiences audiences_;
  boost::asio::steady_timer timer_;

  mutable std::mutex mutex_{};
  std::shared_ptr<void> subscription_{};
  std::uint64_t last_id_ = 0;
  std::uint64_t gone_ = 0;       ///< The newest event that is not kept.
  std::vector<Told> arrived_{};  ///< Not yet told on.
  std::deque<ToldPtr> kept_{};
  bool is_telling_ = false;
  bool is_ticking_ = false;
  unsigned ticks_ = 0;
  std::vector<std::weak_ptr<LiveStream>> streams_{};
  std::unordered_map<std::string, std::size_t> seats_{};
  std::size_t seats_taken_ = 0;
};

}  // namespace taskd
