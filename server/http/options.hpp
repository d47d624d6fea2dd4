// What a listener is told: limits and deadlines of its connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

namespace taskd {

class TlsCertificate;
class TrustedProxies;

/// Sizes in bytes.
struct ParserLimits {
  std::size_t head = 16 * 1024;
  std::size_t target = 8 * 1024;
  std::size_t body = 1024 * 1024;
};

struct HttpOptions {
  ParserLimits limits{};
  std::size_t body_memory = 64 * 1024 * 1024;               ///< Bytes that all bodies hold; above: 503 and closed.
  std::chrono::milliseconds head_timeout{10'000};           ///< From a request's first byte to the end of its head.
  std::chrono::milliseconds request_timeout{14'000};        ///< From a request's first byte to the end of its body.
  std::chrono::milliseconds idle_timeout{60'000};           ///< Between requests, and before the first.
  std::chrono::milliseconds write_timeout{14'000};          ///< For a client to take a response.
  std::chrono::milliseconds heartbeat{10'000};              ///< How long a stream of events may be silent.
  std::chrono::milliseconds linger_timeout{2'000};          ///< How long a refused client may go on sending.
  std::size_t max_connections = 4096;                       ///< More are told 503 and closed.
  std::size_t max_connections_per_address = 4096;           ///< More of one address, or of one /64 of IPv6, are, too.
  std::shared_ptr<const TrustedProxies> trusted_proxies{};  ///< They may have any number. Null: none.
  std::shared_ptr<TlsCertificate> tls{};                    ///< Null: plain HTTP.
  std::chrono::milliseconds handshake_timeout{10'000};
};

}  // namespace taskd
