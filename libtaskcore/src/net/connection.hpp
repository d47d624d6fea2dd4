// One connection to a server, over TCP or TLS, for one exchange after another. What it does goes on under the executor
// that each call names, so it can be handed from one caller to the next while it rests.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>

#include "net/http_message.hpp"

namespace boost::asio::ssl {
class context;
}

namespace taskcore::net {

/// How an exchange ended.
struct Exchanged {
  boost::system::error_code error{};  ///< Of the connection.
  HttpResponse response{};
  bool answered = false;   ///< A byte of the answer came, whatever became of the rest.
  bool too_large = false;  ///< The body is larger than it may be.
  bool malformed = false;  ///< What came is no HTTP.
  bool truncated = false;  ///< The connection ended before the body did.
  bool reusable = false;   ///< Another exchange may follow.
};

class Connection {
 public:
  virtual ~Connection() = default;

  /// Connects to `to` and, over TLS, shakes hands.
  virtual void open(const boost::asio::any_io_executor& under, const boost::asio::ip::tcp::endpoint& to,
                    std::function<void(boost::system::error_code)> done) = 0;

  /// Sends `request` and reads the answer.
  virtual void exchange(const boost::asio::any_io_executor& under, const HttpRequest& request, Intake intake,
                        std::function<void(Exchanged)> done) = 0;

  /// Ends whatever goes on; its `done` is told.
  virtual void close() noexcept = 0;

  /// Whether it rests, and the server has neither closed it nor said a word since.
  virtual bool is_idle() noexcept = 0;
};

std::shared_ptr<Connection> make_plain_connection(const boost::asio::any_io_executor& executor);

/// Greets and, unless `context` says not to verify, checks `host`, a name or an address.
std::shared_ptr<Connection> make_tls_connection(const boost::asio::any_io_executor& executor,
                                                std::shared_ptr<boost::asio::ssl::context> context, std::string host);

}  // namespace taskcore::net
