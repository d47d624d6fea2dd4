// See event_parser.hpp.
#include "client/event_parser.hpp"

namespace taskd {

bool EventParser::feed(std::string_view text, const std::function<void(const StreamEvent&)>& take) {
  std::size_t from = waiting_.size();  // no line ends in what has waited
  waiting_ += text;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = waiting_.find('\n', from)) != std::string::npos; from = begin = end + 1) {
    std::string_view line = std::string_view(waiting_).substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) {
      take_field(line);
      continue;
    }
    if (has_data_) take(event_);
    event_ = {};
    has_data_ = false;
  }
  waiting_.erase(0, begin);
  return waiting_.size() + event_.data.size() <= kMaxEvent;
}

/// A line without a name is a comment; what is not known is passed over.
void EventParser::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "id") event_.id = value;
  if (name == "event") event_.name = value;
  if (name != "data") return;
  if (has_data_) event_.data += '\n';
  event_.data += value;
  has_data_ = true;
}

}  // namespace taskd
