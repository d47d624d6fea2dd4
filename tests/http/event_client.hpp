// A client of server-sent events, over bytes: what the stream says, event by event.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/raw_client.hpp"
#include "http/test_app.hpp"
#include "http/test_listener.hpp"

namespace taskd::testing {

struct ServerEvent {
  std::string id{};
  std::string name{};
  boost::json::value data{};

  std::string text(std::string_view member) const { return std::string(data.at(member).as_string()); }
};

class EventClient {
 public:
  /// `last_id`, where it is not empty, goes as Last-Event-ID.
  EventClient(std::uint16_t port, std::string_view target, const std::string& token, const std::string& last_id = {});

  const RawResponse& response() const { return response_; }

  /// The next event; none when the stream ends as it should. Throws when it breaks off, or nothing comes for long.
  std::optional<ServerEvent> next();

  /// All until the end.
  std::vector<ServerEvent> rest();

  /// Waits for a comment line that is not part of an event.
  void wait_for_heartbeat();

  /// The id that a reconnecting client would send.
  const std::string& last_id() const { return last_id_; }

 private:
  bool read();
  std::optional<std::string> block();

  RawClient client_;
  RawResponse response_{};
  std::string text_{};
  std::string last_id_{};
};

/// The interface over a real listener.
struct LiveServer {
  explicit LiveServer(HttpOptions options = {}, LiveLimits limits = {})
      : app({}, {}, [&](AppOptions& tuned) { tuned.live = limits; }), listener(options, app.handler()) {}

  EventClient open(std::string_view who, std::string_view target, const std::string& last_id = {}) {
    return EventClient(listener.port(), target, app.token(who), last_id);
  }

  TestApp app;
  TestListener listener;
};

}  // namespace taskd::testing
