// Connections over TCP.
#include "net/exchange.hpp"

namespace taskcore::net {

namespace {

using boost::asio::ip::tcp;

class PlainConnection final : public Connection, public std::enable_shared_from_this<PlainConnection> {
 public:
  explicit PlainConnection(const boost::asio::any_io_executor& executor) : socket_(executor), exchange_(socket_) {}

  void open(const boost::asio::any_io_executor& under, const tcp::endpoint& to,
            std::function<void(boost::system::error_code)> done) override {
    socket_.async_connect(to, boost::asio::bind_executor(under, [self = shared_from_this(), done = std::move(done)](
                                                                    boost::system::error_code error) {
                            if (!error) self->socket_.set_option(tcp::no_delay(true), error);
                            done(error);
                          }));
  }

  void exchange(const boost::asio::any_io_executor& under, const HttpRequest& request, Intake intake,
                std::function<void(Exchanged)> done) override {
    exchange_.start(shared_from_this(), under, request, std::move(intake), std::move(done));
  }

  void close() noexcept override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  bool is_idle() noexcept override { return is_quiet(socket_); }

 private:
  tcp::socket socket_;
  Exchange<tcp::socket> exchange_;
};

}  // namespace

template <>
bool Exchange<tcp::socket>::is_short_read(const Code&) {
  return false;
}

template <>
bool Exchange<tcp::socket>::reads_ahead() {
  return false;
}

std::shared_ptr<Connection> make_plain_connection(const boost::asio::any_io_executor& executor) {
  return std::make_shared<PlainConnection>(executor);
}

}  // namespace taskcore::net
