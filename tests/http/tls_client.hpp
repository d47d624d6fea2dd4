// A RawClient over TLS, for tests that look at the handshake.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "http/raw_client.hpp"

namespace taskd::testing {

struct TlsOffer {
  int highest = TLS1_3_VERSION;
  std::string protocols{};  ///< For ALPN, as the wire has them: each after its length.
};

class TlsClient : public RawClient {
 public:
  /// Greets; believes any certificate.
  explicit TlsClient(std::uint16_t port, const TlsOffer& offer = {});
  ~TlsClient() override;

  /// False when the handshake has failed.
  bool connected() const { return connected_; }
  std::string version() const { return SSL_get_version(ssl_); }
  std::string cipher() const { return SSL_get_cipher_name(ssl_); }
  std::string protocol() const;
  /// The serial number of the server's certificate.
  long serial() const;

  bool send(std::string_view bytes) override;

  /// The server has ended TLS in order, not just the connection.
  bool was_told_of_end() const { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }

  /// Asks for new keys within the connection, as TLS 1.2 allows.
  bool renegotiate();

 private:
  bool fill() override;

  SSL_CTX* context_;
  SSL* ssl_;
  bool connected_ = false;
};

}  // namespace taskd::testing
