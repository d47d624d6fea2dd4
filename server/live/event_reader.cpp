// EventReader: see event_reader.hpp.
#include "live/event_reader.hpp"

#include <algorithm>
#include <utility>

namespace taskd {

namespace {

constexpr std::size_t kAtOnce = 128;

}  // namespace

EventReader::EventReader(std::shared_ptr<LiveFeed> feed, std::shared_ptr<const Request> request,
                         std::shared_ptr<void> seat, EventFilter filter, std::uint64_t after)
    : LiveStream(std::move(request), std::move(seat)), feed_(std::move(feed)), filter_(std::move(filter)), at_(after) {}

void EventReader::read_on() {
  const std::lock_guard lock(mutex_);
  for (;;) {
    const LiveFeed::Batch batch = feed_->events_after(at_, kAtOnce);
    if (batch.is_gap) {
      const std::uint64_t mark = feed_->mark();
      const std::string id = std::to_string(mark);
      if (!push(event_text(id, "reset", "{\"seq\":" + id + ",\"type\":\"reset\"}"))) return;
      at_ = mark;
      continue;
    }
    for (const ToldPtr& told : batch.events) {
      if (wants(*told) && !push(told->text)) return;  // `more` comes when there is room
      at_ = told->id;
    }
    if (batch.events.size() < kAtOnce) return;
  }
}

bool EventReader::wants(const Told& told) const {
  if (!filter_.task_id.empty() && told.event.task_id != filter_.task_id) return false;
  const auto named = [&](std::string_view name) {
    return std::find(filter_.types.begin(), filter_.types.end(), name) != filter_.types.end();
  };
  const std::string_view kind = told.event.run_id.empty() ? "task" : "run";
  if (!filter_.types.empty() && !named(kind) && !named(to_string(told.event.type))) return false;
  return may_see(caller(), told.audience);
}

std::string EventReader::heartbeat() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t mark = feed_->mark();
  const LiveFeed::Batch left = feed_->events_after(at_, 1);
  if (left.events.empty() && !left.is_gap) at_ = std::max(at_, mark);
  return "id: " + std::to_string(at_) + "\n: \n\n";
}

}  // namespace taskd
