// Connections: see connections.hpp.
#include "http/connections.hpp"

#include <utility>

namespace taskd {

void Connections::add(const std::shared_ptr<Session>& session, Source source) {
  const std::lock_guard lock(mutex_);
  sessions_.emplace(session.get(), Entry{session, source});
  if (source) ++counts_[*source];
}

void Connections::remove(Session* session) {
  std::function<void()> emptied;
  {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return;
    if (const Source source = found->second.source; source && --counts_[*source] == 0) counts_.erase(*source);
    sessions_.erase(found);
    if (sessions_.empty() && draining()) emptied = std::exchange(emptied_, nullptr);
  }
  if (emptied) emptied();
}

std::size_t Connections::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

std::size_t Connections::count(Source source) const {
  if (!source) return 0;
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(*source);
  return found == counts_.end() ? 0 : found->second;
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
  for (const auto& [address, entry] : sessions_) {
    if (auto alive = entry.session.lock()) out.push_back(std::move(alive));
  }
  return out;
}

}  // namespace taskd
