// Whether a loop still turns. Who asks posts a tick to it, and looks whether the last one has come: that costs nothing
// while nobody asks.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>

namespace taskd {

class Pulse {
 public:
  Pulse(boost::asio::any_io_executor loop, std::chrono::milliseconds patience)
      : loop_(std::move(loop)), patience_(patience) {}

  /// False when an earlier tick has been on its way for longer than the patience.
  bool beats() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    Ticks none = 0;
    if (sent_at_->compare_exchange_strong(none, now.count())) {
      boost::asio::post(loop_, [sent_at = sent_at_] { *sent_at = 0; });
      return true;
    }
    return now - std::chrono::steady_clock::duration(none) <= patience_;
  }

 private:
  using Ticks = std::chrono::steady_clock::rep;

  boost::asio::any_io_executor loop_;
  std::chrono::milliseconds patience_;
  std::shared_ptr<std::atomic<Ticks>> sent_at_ = std::make_shared<std::atomic<Ticks>>(0);  // 0: none is on its way
};

}  // namespace taskd
