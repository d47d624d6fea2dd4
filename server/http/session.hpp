// One connection: bytes to requests, responses to bytes, in order, with limits and deadlines. One request at a time is
// handled; what a client pipelines behind it waits in the buffer.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "http/connections.hpp"
#include "http/message.hpp"
#include "http/request_parser.hpp"

namespace taskd {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Executor = boost::asio::strand<boost::asio::io_context::executor_type>;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
  using Clock = std::chrono::steady_clock;

  Session(Socket socket, std::shared_ptr<Connections> shared);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Begins to serve.
  void start();

  /// Answers this and hangs up, whatever the client says.
  void turn_away(Response response);

  /// Closes when nothing is in hand; else after the request in hand.
  void drain();

  /// Closes now.
  void abort();

 private:
  class Ticket;

  enum class Phase { parse, read, handle, write, linger, closed };

  void step();
  void parse();
  void read();
  void on_read(const boost::system::error_code& ec);
  void send_continue();
  void dispatch();
  void respond(Response response);
  void refuse(int status, const std::string& detail);
  void write_rest(std::size_t written);
  void on_written();
  void linger();
  void discard();
  void close();

  void arm(std::chrono::milliseconds from_now) { arm_at(Clock::now() + from_now); }
  void arm_at(Clock::time_point deadline);
  void disarm() { deadline_ = Clock::time_point::max(); }
  void on_timer(const boost::system::error_code& ec);
  void on_deadline();

  Socket socket_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer_;
  const std::shared_ptr<Connections> shared_;
  RequestParser parser_;
  std::string remote_address_;

  std::string input_;         ///< Bytes read; those before `consumed_` are done with.
  std::size_t consumed_ = 0;
  std::string head_;          ///< The response being written: head, and body where it is small.
  std::string body_;
  std::size_t discarded_ = 0;

  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point armed_for_ = Clock::time_point::max();  ///< When the timer will fire; max when it is not set.
  Clock::time_point request_began_{};
  Phase phase_ = Phase::parse;
  bool stepping_ = false;
  bool in_request_ = false;  ///< The first byte of a request is here.
  bool continue_sent_ = false;
  bool is_head_ = false;
  bool old_client_ = false;  ///< HTTP/1.0
  bool keep_alive_ = true;
};

}  // namespace taskd
