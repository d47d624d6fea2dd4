// Accepts connections and gives each its session; knows when to turn one away, and how to stop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/connections.hpp"

namespace taskd {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  /// Any number of threads may run `context`.
  static std::shared_ptr<Listener> make(boost::asio::io_context& context, HttpOptions options, Handler handler);

  /// Binds and listens; connections wait until they are accepted. `host` is an address or a name, port 0 takes a free
  /// one.
  boost::system::error_code bind(const std::string& host, std::uint16_t port);

  /// From now on, until `drain`.
  void accept_connections();

  /// The port in use, once bound.
  std::uint16_t port() const noexcept { return port_; }

  std::size_t connections() const { return connections_->size(); }

  /// Bytes that bodies hold of HttpOptions::body_memory.
  std::size_t body_memory() const noexcept { return connections_->body_budget()->taken(); }

  /// Stops accepting, closes idle connections, lets the requests in hand finish; what is left after `grace` is cut.
  /// `done` is called once, when the last connection is gone.
  void drain(std::chrono::milliseconds grace, std::function<void()> done);

 private:
  Listener(boost::asio::io_context& context, HttpOptions options, Handler handler);

  void accept();
  void pause_then_accept();

  boost::asio::io_context& context_;
  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  const std::shared_ptr<Connections> connections_;
  std::uint16_t port_ = 0;
  bool stopped_ = false;
};

}  // namespace taskd
