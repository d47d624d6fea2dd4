// One connection: bytes to requests, responses to bytes, in order, with limits and deadlines. One request at a time is
// handled; what a client pipelines behind it waits in the buffer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "http/connections.hpp"
#include "http/deadline.hpp"
#include "http/message.hpp"
#include "http/request_parser.hpp"
#include "http/transport.hpp"

namespace taskd {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Socket = Transport::Socket;

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
  enum class Phase { handshake, parse, read, handle, write, stream, linger, closed };

  // session.cpp: in.
  void begin(std::function<void()> then);
  void shake_hands(std::function<void()> then);
  void step();
  void parse();
  void read();
  void drop_input();
  void on_read(const boost::system::error_code& ec);
  void send_continue();
  void dispatch();
  void send(Response response);
  void close();
  void watch_deadline();
  void on_deadline();

  // session_write.cpp: out.
  void respond(Response response);
  void refuse(int status, const std::string& detail);
  void write_rest(std::size_t written);
  void on_written();
  void linger();
  void discard();

  // session_stream.cpp: out, for as long as it goes on.
  void begin_stream(std::shared_ptr<EventStream> stream);
  void send_events();
  void send_part(const std::string& text, bool is_last);
  void on_stream_deadline();
  void end_stream();
  void watch_client();

  Transport socket_;
  Deadline deadline_;
  const std::shared_ptr<Connections> shared_;
  RequestParser parser_;
  std::string remote_address_;

  std::string input_;  ///< Bytes read; those before `consumed_` are done with.
  std::size_t consumed_ = 0;
  std::string head_;  ///< The response being written: head, and body where it is small.
  std::string body_;
  std::size_t discarded_ = 0;
  std::shared_ptr<EventStream> stream_{};  ///< While `phase_` is `stream`.

  Deadline::Clock::time_point request_began_{};  ///< Read only for requests that do not come in one piece.
  Phase phase_ = Phase::parse;
  bool stepping_ = false;
  bool in_request_ = false;  ///< The first byte of a request is here.
  bool continue_sent_ = false;
  bool is_head_ = false;     ///< The request in hand is a HEAD.
  bool old_client_ = false;  ///< It is HTTP/1.0.
  bool keep_alive_ = true;
  bool sending_ = false;   ///< A part of the stream is being written.
  bool watching_ = false;  ///< A read waits for the client to go.
};

}  // namespace taskd
