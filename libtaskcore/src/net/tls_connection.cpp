// Connections over TLS.
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "net/exchange.hpp"

namespace taskcore::net {

namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using TlsStream = ssl::stream<tcp::socket>;

class TlsConnection final : public Connection, public std::enable_shared_from_this<TlsConnection> {
 public:
  TlsConnection(const boost::asio::any_io_executor& executor, std::shared_ptr<ssl::context> context, std::string host)
      : context_(std::move(context)), host_(std::move(host)), stream_(executor, *context_), exchange_(stream_) {}

  void open(const boost::asio::any_io_executor& under, const tcp::endpoint& to,
            std::function<void(boost::system::error_code)> done) override {
    stream_.next_layer().async_connect(
        to, boost::asio::bind_executor(under, [self = shared_from_this(), under,
                                               done = std::move(done)](boost::system::error_code error) {
          if (!error) self->stream_.next_layer().set_option(tcp::no_delay(true), error);
          if (!error) error = self->greet();
          if (error) return done(error);
          self->stream_.async_handshake(
              ssl::stream_base::client,
              boost::asio::bind_executor(under, [self, done](boost::system::error_code failed) { done(failed); }));
        }));
  }

  void exchange(const boost::asio::any_io_executor& under, const HttpRequest& request, Intake intake,
                std::function<void(Exchanged)> done) override {
    exchange_.start(shared_from_this(), under, request, std::move(intake), std::move(done));
  }

  void close() noexcept override {
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }

  bool is_idle() noexcept override { return is_quiet(stream_.next_layer()); }

 private:
  /// What is said before the handshake: whom we want (RFC 6066; of names only) and must find in the certificate.
  boost::system::error_code greet() {
    boost::system::error_code error;
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host_, no_address);
    if (no_address && SSL_set_tlsext_host_name(stream_.native_handle(), host_.c_str()) != 1) {
      return boost::asio::error::invalid_argument;
    }
    stream_.set_verify_callback(ssl::host_name_verification(host_), error);
    return error;
  }

  std::shared_ptr<ssl::context> context_;
  std::string host_;
  TlsStream stream_;
  Exchange<TlsStream> exchange_;
};

}  // namespace

template <>
bool Exchange<TlsStream>::is_short_read(const Code& error) {
  return error == ssl::error::stream_truncated;
}

template <>
bool Exchange<TlsStream>::reads_ahead() {
  return true;
}

std::shared_ptr<Connection> make_tls_connection(const boost::asio::any_io_executor& executor,
                                                std::shared_ptr<ssl::context> context, std::string host) {
  return std::make_shared<TlsConnection>(executor, std::move(context), std::move(host));
}

}  // namespace taskcore::net
