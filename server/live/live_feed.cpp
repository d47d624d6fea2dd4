// LiveFeed: see live_feed.hpp. The scheduler's thread only notes an event; rendering, reads of the store and the
// telling are done on the executor, by one thread at a time, so in order.
#include "live/live_feed.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <utility>

namespace taskd {

namespace asio = boost::asio;
namespace json = boost::json;
using taskcore::Event;

namespace {

constexpr unsigned kTicksASecond = 4;

std::uint64_t microseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

std::string text_of(const Told& told) {
  const Event& event = told.event;
  json::object data{{"seq", told.id}, {"type", to_string(event.type)}, {"taskId", event.task_id}};
  data["runId"] = event.run_id.empty() ? json::value() : json::value(event.run_id);
  data["status"] = to_string(event.status);
  data["time"] = taskcore::format_time(event.at);
  if (event.type == Event::Type::run_progress) data["progress"] = event.progress;
  return event_text(std::to_string(told.id), event.run_id.empty() ? "task" : "run", json::serialize(data));
}

Problem too_many(int status, std::string detail) {
  Problem problem = make_problem(status, std::move(detail));
  problem.headers.set("Retry-After", "10");
  return problem;
}

}  // namespace

std::string event_text(std::string_view id, std::string_view name, std::string_view data) {
  std::string out;
  if (!id.empty()) out.append("id: ").append(id).append("\n");
  return out.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
}

std::shared_ptr<LiveFeed> LiveFeed::make(taskcore::Scheduler& scheduler, asio::any_io_executor executor,
                                         LiveLimits limits, std::function<bool(const Request&)> still_good) {
  return std::shared_ptr<LiveFeed>(new LiveFeed(scheduler, std::move(executor), limits, std::move(still_good)));
}

LiveFeed::LiveFeed(taskcore::Scheduler& scheduler, asio::any_io_executor executor, LiveLimits limits,
                   std::function<bool(const Request&)> still_good)
    : scheduler_(scheduler),
      executor_(std::move(executor)),
      limits_(limits),
      still_good_(std::move(still_good)),
      audiences_(scheduler),
      timer_(executor_) {}

Outcome<std::shared_ptr<void>> LiveFeed::take_seat(const std::string& user) {
  const std::lock_guard lock(mutex_);
  if (!subscription_) {
    last_id_ = gone_ = microseconds_now();
    subscription_ = scheduler_.on_event([feed = weak_from_this()](const Event& event) {
      if (const auto self = feed.lock()) self->on_event(event);
    });
  }
  if (seats_taken_ >= limits_.streams) return too_many(503, "The server has as many streams as it can bear.");
  std::size_t& own = seats_[user];
  if (own >= limits_.streams_per_user) return too_many(429, "You have as many streams open as a user may have.");
  ++own;
  ++seats_taken_;
  return std::shared_ptr<void>(this, [feed = weak_from_this(), user](void*) {
    if (const auto self = feed.lock()) self->leave(user);
  });
}

void LiveFeed::leave(const std::string& user) {
  const std::lock_guard lock(mutex_);
  --seats_taken_;
  const auto it = seats_.find(user);
  if (--it->second == 0) seats_.erase(it);
}

void LiveFeed::join(const std::shared_ptr<LiveStream>& stream) {
  bool begins = false;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const std::weak_ptr<LiveStream>& one) { return one.expired(); });
    streams_.push_back(stream);
    begins = !std::exchange(is_ticking_, true);
  }
  if (begins) asio::post(executor_, [self = shared_from_this()] { self->wait_for_tick(); });
}

std::uint64_t LiveFeed::mark() {
  const std::lock_guard lock(mutex_);
  if (is_telling_) return kept_.empty() ? gone_ : kept_.back()->id;
  last_id_ = std::max(last_id_, microseconds_now());
  return last_id_;
}

LiveFeed::Batch LiveFeed::events_after(std::uint64_t after, std::size_t most) const {
  Batch out;
  const std::lock_guard lock(mutex_);
  out.is_gap = after < gone_ || after > last_id_;
  if (out.is_gap) return out;
  auto it = std::upper_bound(kept_.begin(), kept_.end(), after,
                             [](std::uint64_t id, const ToldPtr& told) { return id < told->id; });
  for (; it != kept_.end() && out.events.size() < most; ++it) out.events.push_back(*it);
  return out;
}

void LiveFeed::remember(const taskcore::Task& task) {
  {
    const std::lock_guard lock(mutex_);
    if (!subscription_) return;
  }
  audiences_.remember(task);
}

void LiveFeed::on_event(const Event& event) {
  {
    const std::lock_guard lock(mutex_);
    if (arrived_.size() >= limits_.kept_events) {  // The executor does not keep up: to start anew is all that is left.
      arrived_.clear();
      kept_.clear();
      gone_ = last_id_;
    }
    last_id_ = std::max(last_id_ + 1, microseconds_now());
    arrived_.push_back(Told{last_id_, event, {}, {}});
    if (std::exchange(is_telling_, true)) return;
  }
  asio::post(executor_, [self = shared_from_this()] { self->tell(); });
}

/// What has arrived by now; what comes meanwhile is for another turn, so that requests have theirs.
void LiveFeed::tell() {
  std::vector<Told> arrived;
  {
    const std::lock_guard lock(mutex_);
    arrived.swap(arrived_);
    is_telling_ = !arrived.empty();
    if (!is_telling_) return;
  }
  std::vector<ToldPtr> fresh;
  for (Told& told : arrived) {
    told.audience = audiences_.of(told.event);
    told.text = text_of(told);
    fresh.push_back(std::make_shared<const Told>(std::move(told)));
  }
  {
    const std::lock_guard lock(mutex_);
    if (fresh.front()->id > gone_) kept_.insert(kept_.end(), fresh.begin(), fresh.end());
    while (kept_.size() > limits_.kept_events) {
      gone_ = kept_.front()->id;
      kept_.pop_front();
    }
  }
  for (const auto& stream : streams()) stream->heard(fresh);
  asio::post(executor_, [self = shared_from_this()] { self->tell(); });
}

std::vector<std::shared_ptr<LiveStream>> LiveFeed::streams() {
  std::vector<std::shared_ptr<LiveStream>> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& weak : streams_) {
      if (auto stream = weak.lock()) out.push_back(std::move(stream));
    }
  }
  // Not under the lock: the last one to hold a stream gives back its seat.
  std::erase_if(out, [](const auto& stream) { return stream->is_over(); });
  return out;
}

void LiveFeed::wait_for_tick() {
  timer_.expires_after(kTick);
  timer_.async_wait([feed = weak_from_this()](const boost::system::error_code& ec) {
    const auto self = feed.lock();
    if (!ec && self) self->tick();
  });
}

void LiveFeed::tick() {
  const auto all = streams();
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const std::weak_ptr<LiveStream>& one) { return one.expired(); });
    is_ticking_ = !streams_.empty();
    if (!is_ticking_) return;
  }
  const unsigned count = ticks_++;
  for (const auto& stream : all) {
    if (count % kTicksASecond == 0 && !still_good_(stream->request())) {
      stream->finish();
    } else {
      stream->tick(count);
    }
  }
  wait_for_tick();
}

}  // namespace taskd
