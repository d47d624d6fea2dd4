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
  /// Hands on each event that is whole by now, but for those without data.
  void feed(std::string_view text, const std::function<void(const StreamEvent&)>& take);

 private:
  void take_field(std::string_view line);

  std::string waiting_{};  ///< Of a line.
  StreamEvent event_{};
  bool has_data_ = false;
};

}  // namespace taskd
