// TLS of one connection: see tls_stream.hpp. OpenSSL on the socket itself rather than asio::ssl::stream: a response can
// so be written at once, as to a plain socket, and no file pays for that stream's templates.
#include "http/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/error.hpp>
#include <cerrno>
#include <new>

namespace taskd {

namespace asio = boost::asio;

TlsStream::TlsStream(ssl_ctx_st* context, int socket) : ssl_(SSL_new(context)) {
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket) != 1) {
    SSL_free(ssl_);
    ERR_clear_error();
    throw std::bad_alloc();
  }
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

TlsStream::Step TlsStream::hindrance(int result) noexcept {
  const int reason = SSL_get_error(ssl_, result);
  const int system_error = errno;
  if (reason == SSL_ERROR_WANT_READ) return {0, asio::socket_base::wait_read, {}};
  if (reason == SSL_ERROR_WANT_WRITE) return {0, asio::socket_base::wait_write, {}};
  if (reason == SSL_ERROR_ZERO_RETURN) return {0, {}, asio::error::eof};
  broken_ = true;
  if (reason == SSL_ERROR_SYSCALL && system_error != 0) {
    return {0, {}, {system_error, boost::system::system_category()}};
  }
  met_plain_http_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
  ERR_clear_error();
  return {0, {}, asio::error::connection_aborted};
}

TlsStream::Step TlsStream::handshake() noexcept {
  ERR_clear_error();
  const int result = SSL_accept(ssl_);
  return result == 1 ? Step{} : hindrance(result);
}

TlsStream::Step TlsStream::read(void* data, std::size_t size) noexcept {
  if (broken_) return {0, {}, asio::error::connection_aborted};
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_, data, size, &got);
  return result == 1 ? Step{got, {}, {}} : hindrance(result);
}

TlsStream::Step TlsStream::write(const void* data, std::size_t size) noexcept {
  Step out;
  while (out.size < size) {
    if (broken_) return {out.size, {}, asio::error::connection_aborted};
    ERR_clear_error();
    std::size_t done = 0;
    const int result = SSL_write_ex(ssl_, static_cast<const char*>(data) + out.size, size - out.size, &done);
    if (result != 1) {
      const std::size_t before = out.size;
      out = hindrance(result);
      out.size = before;
      return out;
    }
    out.size += done;
  }
  return out;
}

void TlsStream::close_notify() noexcept {
  if (broken_ || SSL_is_init_finished(ssl_) != 1) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

}  // namespace taskd
