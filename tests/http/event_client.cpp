// EventClient: see event_client.hpp.
#include "http/event_client.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <stdexcept>

namespace taskd::testing {

EventClient::EventClient(std::uint16_t port, std::string_view target, const std::string& token,
                         const std::string& last_id)
    : client_(port) {
  std::string headers = "Authorization: Bearer " + token + "\r\nAccept: text/event-stream\r\n";
  if (!last_id.empty()) headers += "Last-Event-ID: " + last_id + "\r\n";
  client_.send(get(target, headers));
  auto response = client_.receive();
  if (!response) throw std::runtime_error("no answer");
  response_ = std::move(*response);
}

/// False at the end of the body.
bool EventClient::read() {
  const auto chunk = client_.chunk();
  if (!chunk) throw std::runtime_error("the stream broke off");
  text_ += *chunk;
  return !chunk->empty();
}

/// What stands before the next empty line.
std::optional<std::string> EventClient::block() {
  std::size_t end = 0;
  while ((end = text_.find("\n\n")) == std::string::npos) {
    if (!read()) return std::nullopt;
  }
  std::string out = text_.substr(0, end);
  text_.erase(0, end + 2);
  return out;
}

std::optional<ServerEvent> EventClient::next() {
  while (const auto lines = block()) {
    ServerEvent event;
    for (std::string_view rest = *lines; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      if (line.starts_with("id: ")) last_id_ = line.substr(4);
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("data: ")) event.data = boost::json::parse(line.substr(6));
    }
    event.id = last_id_;
    if (!event.name.empty()) return event;
  }
  return std::nullopt;
}

std::vector<ServerEvent> EventClient::rest() {
  std::vector<ServerEvent> out;
  while (auto event = next()) out.push_back(std::move(*event));
  return out;
}

void EventClient::wait_for_heartbeat() {
  for (;;) {
    const auto lines = block();
    if (!lines) throw std::runtime_error("the stream ended");
    const std::size_t id = lines->find("id: ");
    if (id != std::string::npos) last_id_ = lines->substr(id + 4, lines->find('\n', id) - id - 4);
    if (lines->find(": ") == 0 || lines->find("\n: ") != std::string::npos) return;
  }
}

}  // namespace taskd::testing
