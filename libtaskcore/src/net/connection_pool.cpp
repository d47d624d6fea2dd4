#include "net/connection_pool.hpp"

#include <algorithm>

namespace taskcore::net {

namespace {

constexpr std::size_t kMost = 64;
constexpr std::size_t kMostOfOne = 16;
constexpr std::chrono::seconds kRest{30};

}  // namespace

std::shared_ptr<Connection> ConnectionPool::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = resting_.size(); i > 0; --i) {
    if (resting_[i - 1].key != key) continue;
    auto connection = std::move(resting_[i - 1].connection);
    resting_.erase(resting_.begin() + static_cast<std::ptrdiff_t>(i - 1));
    if (connection->is_idle()) return connection;
    connection->close();
  }
  return nullptr;
}

void ConnectionPool::give(const std::string& key, std::shared_ptr<Connection> connection,
                          const boost::asio::any_io_executor& executor) {
  const std::lock_guard lock(mutex_);
  if (closed_) return connection->close();
  const auto same = [&](const Resting& one) { return one.key == key; };
  auto oldest = resting_.end();
  if (std::count_if(resting_.begin(), resting_.end(), same) >= static_cast<std::ptrdiff_t>(kMostOfOne)) {
    oldest = std::find_if(resting_.begin(), resting_.end(), same);
  } else if (resting_.size() >= kMost) {
    oldest = resting_.begin();
  }
  if (oldest != resting_.end()) {
    oldest->connection->close();
    resting_.erase(oldest);
  }
  resting_.push_back({key, std::move(connection), Clock::now()});
  if (!timer_) sweep_later(executor);
}

void ConnectionPool::sweep_later(const boost::asio::any_io_executor& executor) {
  timer_.emplace(executor, resting_.front().since + kRest);
  timer_->async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (auto self = weak.lock(); self && !error) self->sweep();
  });
}

void ConnectionPool::sweep() {
  const std::lock_guard lock(mutex_);
  if (closed_ || !timer_) return;
  const auto fresh = std::find_if(resting_.begin(), resting_.end(),
                                  [now = Clock::now()](const Resting& one) { return one.since + kRest > now; });
  for (auto it = resting_.begin(); it != fresh; ++it) it->connection->close();
  resting_.erase(resting_.begin(), fresh);
  const auto executor = timer_->get_executor();
  timer_.reset();
  if (!resting_.empty()) sweep_later(executor);
}

void ConnectionPool::close() noexcept {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Resting& one : resting_) one.connection->close();
  resting_.clear();
  timer_.reset();
}

}  // namespace taskcore::net
