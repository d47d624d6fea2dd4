// EventStream: see event_stream.hpp.
#include "http/event_stream.hpp"

#include <utility>

namespace taskd {

bool EventStream::push(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (over_ || (!waiting_.empty() && waiting_.size() + text.size() > room_)) return false;
  const bool was_empty = waiting_.empty();
  waiting_ += text;
  if (was_empty && wake_) wake_();
  return true;
}

void EventStream::finish() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(over_, true)) return;
  if (wake_) wake_();
}

bool EventStream::is_over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

EventStream::Taken EventStream::take() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(waiting_, {}), over_};
}

void EventStream::cut() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  wake_ = nullptr;
  std::string().swap(waiting_);
}

}  // namespace taskd
