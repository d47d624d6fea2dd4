// TLS of one connection, on a socket that does not block: each step says how far it came and what it waits for. Who
// waits, and how, is transport.hpp's business.
#pragma once

#include <boost/asio/socket_base.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <optional>

struct ssl_st;
struct ssl_ctx_st;

namespace taskd {

class TlsStream {
 public:
  struct Step {
    std::size_t size = 0;                                          ///< Bytes of the caller's that have come or gone.
    std::optional<boost::asio::socket_base::wait_type> wait = {};  ///< The socket must be ready for this first.
    boost::system::error_code error{};
  };

  /// The server's side. `socket` stays the caller's.
  TlsStream(ssl_ctx_st* context, int socket);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// To be called until it waits for nothing.
  Step handshake() noexcept;

  /// After a failed handshake: the client has sent an HTTP request instead.
  bool met_plain_http() const noexcept { return met_plain_http_; }

  Step read(void* data, std::size_t size) noexcept;

  /// All of it, or as much as the socket takes. What is left must be offered again as it was.
  Step write(const void* data, std::size_t size) noexcept;

  /// Tells the client that no more comes, if the socket takes that.
  void close_notify() noexcept;

 private:
  Step hindrance(int result) noexcept;

  ssl_st* ssl_;
  bool broken_ = false;  ///< No step may follow.
  bool met_plain_http_ = false;
};

}  // namespace taskd
