// Connections that rest between two calls to the same server.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/connection.hpp"

namespace taskcore::net {

/// From any thread. Held by shared_ptr.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  /// The one of that key that rested last and is still open; none when there is none.
  std::shared_ptr<Connection> take(const std::string& key);

  /// Keeps it for half a minute. Where too many rest, the one that has rested longest is closed.
  void give(const std::string& key, std::shared_ptr<Connection> connection,
            const boost::asio::any_io_executor& executor);

  /// Closes all; those that come later, too.
  void close() noexcept;

 private:
  using Clock = std::chrono::steady_clock;
  struct Resting {
    std::string key;
    std::shared_ptr<Connection> connection;
    Clock::time_point since;
  };
  void sweep_later(const boost::asio::any_io_executor& executor);
  void sweep();

  std::mutex mutex_{};
  std::vector<Resting> resting_{};  ///< In the order in which they came.
  std::optional<boost::asio::steady_timer> timer_{};
  bool closed_ = false;
};

}  // namespace taskcore::net
