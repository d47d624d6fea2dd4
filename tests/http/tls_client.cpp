// TlsClient: see tls_client.hpp.
#include "http/tls_client.hpp"

#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <csignal>

namespace taskd::testing {

TlsClient::TlsClient(std::uint16_t port, const TlsOffer& offer)
    : RawClient(port), context_(SSL_CTX_new(TLS_client_method())) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes as if it could not happen, on both sides
  const timeval patience{10, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  SSL_CTX_set_security_level(context_, 0);  // old versions are the server's to refuse
  SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_, offer.highest);
  ssl_ = SSL_new(context_);
  if (!offer.protocols.empty()) {
    SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(offer.protocols.data()),
                        static_cast<unsigned>(offer.protocols.size()));
  }
  SSL_set_fd(ssl_, fd());
  connected_ = SSL_connect(ssl_) == 1;
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

std::string TlsClient::protocol() const {
  const unsigned char* text = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &text, &size);
  return {reinterpret_cast<const char*>(text), size};
}

long TlsClient::serial() const {
  X509* certificate = SSL_get1_peer_certificate(ssl_);
  const long out = certificate == nullptr ? -1 : ASN1_INTEGER_get(X509_get0_serialNumber(certificate));
  X509_free(certificate);
  return out;
}

bool TlsClient::send(std::string_view bytes) {
  return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

bool TlsClient::renegotiate() {
  SSL_renegotiate(ssl_);
  return SSL_do_handshake(ssl_) == 1;
}

bool TlsClient::fill() {
  char chunk[16 * 1024];
  const int size = SSL_read(ssl_, chunk, sizeof chunk);
  if (size <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(size));
  return true;
}

}  // namespace taskd::testing
