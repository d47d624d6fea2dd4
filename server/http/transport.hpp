// What a session reads from and writes to: a TCP socket, or TLS on one. It models Asio's streams. A plain socket costs
// one look at a pointer more than by itself.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "http/deadline.hpp"
#include "http/tls_stream.hpp"

namespace taskd {

/// All calls on the socket's executor, and handlers there, too; their owner keeps the transport alive.
class Transport {
 public:
  using executor_type = Deadline::Executor;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;
  using error_code = boost::system::error_code;

  explicit Transport(Socket socket) : socket_(std::move(socket)) {}

  /// Before anything is read or written; the handshake comes next. The socket must not block.
  void use_tls(std::unique_ptr<TlsStream> tls) { tls_ = std::move(tls); }
  bool is_tls() const noexcept { return tls_ != nullptr; }

  Socket& socket() noexcept { return socket_; }
  executor_type get_executor() { return socket_.get_executor(); }

  /// `handler(error_code, size_t)`. Only over TLS.
  template <class Handler>
  void async_handshake(Handler handler) {
    async_tls([](TlsStream& tls) { return tls.handshake(); }, std::move(handler));
  }

  /// True when the client has sent HTTP into the handshake, which has failed thereby: what is written from now on goes
  /// out as it is.
  bool fall_back_to_plain() noexcept {
    if (!tls_ || !tls_->met_plain_http()) return false;
    tls_.reset();
    return true;
  }

  template <class Buffer, class Handler>
  void async_read_some(const Buffer& into, Handler&& handler) {
    if (!tls_) return socket_.async_read_some(into, std::forward<Handler>(handler));
    const boost::asio::mutable_buffer buffer(into);
    async_tls([buffer](TlsStream& tls) { return tls.read(buffer.data(), buffer.size()); },
              std::forward<Handler>(handler));
  }

  /// What the socket takes at once; `would_block` when that is nothing.
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& ec) {
    if (!tls_) return socket_.write_some(buffers, ec);
    const TlsStream::Step step = write_to(*tls_, buffers);
    ec = step.wait ? error_code(boost::asio::error::would_block) : step.error;
    return step.size;
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_) return socket_.async_write_some(buffers, std::forward<Handler>(handler));
    async_tls([buffers](TlsStream& tls) { return write_to(tls, buffers); }, std::forward<Handler>(handler));
  }

  /// No more is written. What is read from now on is of no use but to be thrown away.
  void shutdown_send(error_code& ec) {
    end_tls();
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ec);
  }

  void cancel(error_code& ec) { socket_.cancel(ec); }

  void close(error_code& ec) {
    end_tls();
    socket_.close(ec);
  }

 private:
  template <class Buffers>
  static TlsStream::Step write_to(TlsStream& tls, const Buffers& buffers) noexcept {
    TlsStream::Step out;
    for (auto it = boost::asio::buffer_sequence_begin(buffers); it != boost::asio::buffer_sequence_end(buffers); ++it) {
      const boost::asio::const_buffer part(*it);
      const TlsStream::Step step = tls.write(part.data(), part.size());
      out = {out.size + step.size, step.wait, step.error};
      if (step.size < part.size()) break;
    }
    // What has gone is told first; what stopped the rest is met again by the next call.
    if (out.size > 0) return {out.size, {}, {}};
    return out;
  }

  /// Tries until there is nothing to wait for, and never calls `handler` from within.
  template <class Attempt, class Handler>
  void async_tls(Attempt attempt, Handler handler) {
    const TlsStream::Step step = attempt(*tls_);
    if (step.wait) return wait_for_tls(*step.wait, std::move(attempt), std::move(handler));
    boost::asio::post(socket_.get_executor(),
                      [step, handler = std::move(handler)]() mutable { handler(step.error, step.size); });
  }

  template <class Attempt, class Handler>
  void wait_for_tls(Socket::wait_type what, Attempt attempt, Handler handler) {
    socket_.async_wait(what, [this, attempt = std::move(attempt), handler = std::move(handler)](error_code ec) mutable {
      // Closed in between: the descriptor may be another connection's by now.
      if (!ec && !tls_) ec = boost::asio::error::operation_aborted;
      const TlsStream::Step step = ec ? TlsStream::Step{0, {}, ec} : attempt(*tls_);
      if (step.wait) return wait_for_tls(*step.wait, std::move(attempt), std::move(handler));
      handler(step.error, step.size);
    });
  }

  void end_tls() noexcept {
    if (!tls_) return;
    tls_->close_notify();
    tls_.reset();
  }

  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
};

}  // namespace taskd
