// Tasks that call: types "api_call" and "webhook". In the library taskcore::http, which needs OpenSSL.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "taskcore/scheduler.hpp"

namespace taskcore {

struct HttpOptions {
  /// What calls may reach beyond the public internet: host names, host:port, addresses, [v6]:port, CIDR blocks, and "*"
  /// for all but the metadata addresses of clouds. Every address that a host is resolved to is checked, for each
  /// redirect too, and the connection goes to what was checked.
  std::vector<std::string> outbound_allow{};
  std::size_t max_response = 1024 * 1024;  ///< Bytes of an answer's body; a larger one fails the attempt.
  Duration connect_timeout{10000};         ///< Look-up, connection and handshake together.
  std::string user_agent{};                ///< Empty: "taskcore/" and the version.
};

/// Adds both types to the scheduler, before its start. They share one pool of connections, on the scheduler's executor.
/// Errors: `invalid` with pointer "/outbound_allow".
Result<void> add_http_executors(Scheduler& scheduler, HttpOptions options = {});

/// "v1,…": the Standard Webhooks 1.0 signature of a message, for those who want to check one. `secret` is "whsec_…".
/// Errors: `invalid`.
Result<std::string> webhook_signature(std::string_view secret, std::string_view id, TimePoint at,
                                      std::string_view body);

}  // namespace taskcore
