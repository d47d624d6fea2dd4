// Calls over HTTP/1.1: look-up, the policy's word on each address, connection or one that rests, redirects, deadlines.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "net/http_message.hpp"
#include "net/outbound_policy.hpp"
#include "net/tls_contexts.hpp"
#include "taskcore/time.hpp"

namespace taskcore::net {

/// What one call keeps to.
struct CallLimits {
  Duration connect{10000};             ///< Look-up, connection and handshake together, for each server.
  std::optional<Duration> total{};     ///< The whole of it, redirects too. Of events: the longest silence between two.
  std::size_t max_body = 1024 * 1024;  ///< Of the answer, in bytes.
  std::function<void(std::string_view)> on_events{};  ///< As Intake has it.
  int max_redirects = 0;  ///< Beyond, the redirect is the answer's failure; 0: it is the answer.
  TlsOptions tls{};
};

/// What became of a call.
struct CallEnd {
  std::optional<HttpResponse> response{};  ///< Where an answer came, whatever its status.
  std::string code{};                      ///< Else a short word ("dns", "connect", "timeout", …),
  std::string message{};                   ///< a sentence,
  bool retryable = true;                   ///< and whether another try may help.
  int redirects = 0;
};

class HttpClient {
 public:
  explicit HttpClient(OutboundPolicy policy);
  ~HttpClient();

  /// `done` is called once, under `executor`'s strand of this call, never from within. A stop ends the call with code
  /// "cancelled".
  void send(const boost::asio::any_io_executor& executor, HttpRequest request, const CallLimits& limits,
            std::stop_token stop, std::function<void(CallEnd)> done);

  /// Closes what rests.
  void close() noexcept;

 private:
  struct Shared;
  class Call;
  std::shared_ptr<Shared> shared_;
};

}  // namespace taskcore::net
