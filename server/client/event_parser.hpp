// Server-sent events, out of their text (https://html.spec.whatwg.org/multipage/server-sent-events.html) as it comes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace taskd {

struct StreamEvent {
  std::string id{};  ///< Empty where it has none of its own.
  std::string name{};
  std::string data{};
};

class EventParser {
 public:
  static constexpr std::size_t kMaxEvent = 16UL * 1024 * 1024;  ///< In bytes, more or less.

  /// Hands on each event that is whole by now, but for those without data. False where what waits to be whole is larger
  /// than an event may be.
  bool feed(std::string_view text, const std::function<void(const StreamEvent&)>& take);

 private:
  void take_field(std::string_view line);

  std::string waiting_{};  ///< Of a line.
  StreamEvent event_{};
  bool has_data_ = false;
};

}  // namespace taskd
