// A stream of events that one caller listens to: what the feed knows of each.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "http/event_stream.hpp"
#include "http/message.hpp"
#include "live/audiences.hpp"
#include "taskcore/event.hpp"

namespace taskd {

/// An event as it is told on.
struct Told {
  std::uint64_t id = 0;
  taskcore::Event event{};
  AudiencePtr audience{};
  std::string text{};  ///< As it is sent.
};
using ToldPtr = std::shared_ptr<const Told>;

class LiveStream : public EventStream {
 public:
  /// `seat` is given back with the stream.
  LiveStream(std::shared_ptr<const Request> request, std::shared_ptr<void> seat)
      : request_(std::move(request)), seat_(std::move(seat)) {}

  /// The request that is being answered; its caller is known.
  const Request& request() const noexcept { return *request_; }
  const Identity& caller() const noexcept { return *request_->identity; }

  /// Something has happened.
  virtual void heard(std::span<const ToldPtr> fresh) = 0;

  /// Called every LiveFeed::kTick, with a count that grows.
  virtual void tick(unsigned) {}

 private:
  const std::shared_ptr<const Request> request_;
  const std::shared_ptr<void> seat_;
};

/// One event of a stream; `id` may be empty. `data` is JSON, hence one line.
std::string event_text(std::string_view id, std::string_view name, std::string_view data);

}  // namespace taskd
