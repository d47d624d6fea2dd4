// The body of a response that goes on (text/event-stream): its source pushes text from any thread, the session takes
// it out as fast as the client reads. It holds a bounded amount; a source that finds it full goes on when `more` is
// called.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace taskd {

class EventStream {
 public:
  /// `room` in bytes.
  explicit EventStream(std::size_t room = 64 * 1024) : room_(room) {}
  virtual ~EventStream() = default;
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // The source's side. All of it from any thread.

  /// False, and nothing is taken, where there is no room or the stream is over. What is larger than all the room is
  /// taken when nothing else waits.
  bool push(std::string_view text);

  /// Nothing more is taken; what was is still sent.
  void finish();

  bool is_over() const;

  /// Called at the begin, and whenever all that was pushed has been sent. Not under a lock of the stream's.
  virtual void more() {}

  /// What is sent where there was nothing to send for a while.
  virtual std::string heartbeat() { return ": \n\n"; }

  // The session's side.

  struct Taken {
    std::string text{};
    bool is_last = false;
  };

  /// `wake` is called, on any thread, when there is something to take again. It must not call back.
  void attach(std::function<void()> wake);

  /// All that waits.
  Taken take();

  /// The client has gone: what waits is dropped.
  void cut();

 private:
  const std::size_t room_;
  mutable std::mutex mutex_{};
  std::function<void()> wake_{};
  std::string waiting_{};
  bool over_ = false;
};

}  // namespace taskd
