// Connections: see connections.hpp.
#include "http/connections.hpp"

#include <utility>

namespace taskd {

void Connections::add(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  sessions_.emplace(session.get(), session);
}

void Connections::remove(Session* session) {
  std::function<void()> emptied;
  {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
    if (sessions_.empty() && draining()) emptied = std::exchange(emptied_, nullptr);
  }
  if (emptied) emptied();
}

std::size_t Connections::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void Connections::drain(std::function<void()> emptied) {
  {
    const std::lock_guard lock(mutex_);
    draining_.store(true, std::memory_order_relaxed);
    if (!sessions_.empty()) {
      emptied_ = std::move(emptied);
      return;
    }
  }
  if (emptied) emptied();
}

std::vector<std::shared_ptr<Session>> Connections::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Session>> out;
  out.reserve(sessions_.size());
  for (const auto& [address, session] : sessions_) {
    if (auto alive = session.lock()) out.push_back(std::move(alive));
  }
  return out;
}

}  // namespace taskd
