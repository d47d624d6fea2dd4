// A log as the server tells it, line by line: over one connection after the other, each going on where the last one
// broke off.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "client/api_client.hpp"
#include "client/event_parser.hpp"

namespace taskd {

class LogStream {
 public:
  enum class End {
    over,       ///< The run has ended, and all is said.
    left,       ///< `on_line` had enough.
    no_stream,  ///< The server gives none, an older one or one that has too many; nothing was told.
  };

  struct Hooks {
    std::function<bool(const boost::json::value&)> on_line;  ///< False ends it.
    std::function<void()> on_pause{};                        ///< What has come is told; more is waited for.
    std::function<void(const Failure&)> on_outage{};         ///< Two connections failed; others are tried.
  };

  /// `target` is that of the log, with its filters.
  LogStream(ApiClient& api, std::string target, Hooks hooks)
      : api_(api), target_(std::move(target)), hooks_(std::move(hooks)) {}

  /// Errors: that the server cannot be reached, at first or for a minute; what it refuses; Ctrl-C.
  Answer<End> follow();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirstRest{200};

  Answer<ClientResponse> listen();
  void take(const StreamEvent& event);
  bool is_to_be_borne(const Failure& failure);
  bool was_heard() const { return heard_ != Clock::time_point(); }

  ApiClient& api_;
  const std::string target_;
  const Hooks hooks_;
  std::string last_id_{};
  bool has_end_ = false;
  bool has_left_ = false;
  bool is_foreign_ = false;  ///< What came is no log.
  std::chrono::milliseconds rest_ = kFirstRest;
  int failures_ = 0;           ///< Since the server was last heard.
  Clock::time_point heard_{};  ///< When that was; the epoch: never.
};

}  // namespace taskd
