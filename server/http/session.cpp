// Session: see session.hpp. Everything runs on the connection's strand. Callbacks instead of coroutines: this is the
// hot path, and g++ 12 destroys some temporaries of co_await expressions twice.
#include "http/session.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "http/event_stream.hpp"
#include "http/request_id.hpp"
#include "http/tls_certificate.hpp"

namespace taskd {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadSize = 4 * 1024;
constexpr std::size_t kKeepInput = 16 * 1024;  // An idle connection holds no more buffer than this.

}  // namespace

Session::Session(Socket socket, std::shared_ptr<Connections> shared)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      shared_(std::move(shared)),
      parser_(shared_->options().limits, shared_->body_budget()) {
  error_code ec;
  Socket& plain = socket_.socket();
  const auto peer = plain.remote_endpoint(ec);
  if (!ec) remote_address_ = peer.address().to_string();
  plain.set_option(asio::ip::tcp::no_delay(true), ec);
  plain.non_blocking(true, ec);
  if (const auto& tls = shared_->options().tls) socket_.use_tls(tls->accept(plain.native_handle()));
}

Session::~Session() { shared_->remove(this); }

void Session::watch_deadline() {
  deadline_.on_missed(weak_from_this(), [this] { on_deadline(); });
}

void Session::start() {
  begin([this] { deadline_.set_in(shared_->options().idle_timeout); });
}

void Session::turn_away(Response response) {
  response.close = true;
  begin([this, response = std::move(response)] { respond(response); });
}

void Session::begin(std::function<void()> then) {
  asio::dispatch(socket_.get_executor(), [self = shared_from_this(), then = std::move(then)]() mutable {
    self->watch_deadline();
    if (self->socket_.is_tls()) return self->shake_hands(std::move(then));
    then();
    self->step();
  });
}

void Session::shake_hands(std::function<void()> then) {
  phase_ = Phase::handshake;
  deadline_.set_in(shared_->options().handshake_timeout);
  socket_.async_handshake([self = shared_from_this(), then = std::move(then)](const error_code& ec, std::size_t) {
    if (self->phase_ != Phase::handshake) return;
    self->phase_ = Phase::parse;
    if (!ec) {
      then();
    } else if (self->socket_.fall_back_to_plain()) {
      self->refuse(400, "This port speaks HTTPS; the request came by HTTP.");
    } else {
      return self->close();
    }
    self->step();
  });
}

void Session::drain() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::handshake || (self->phase_ == Phase::read && !self->in_request_)) self->close();
    if (self->phase_ == Phase::stream) self->stream_->finish();
  });
}

void Session::abort() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close(); });
}

/// Goes on until something must be waited for. A reply that comes from inside the handler lands here again: the outer
/// loop sees the new phase, so a pipeline of any length needs no stack.
void Session::step() {
  if (stepping_) return;
  stepping_ = true;
  while (phase_ == Phase::parse) parse();
  stepping_ = false;
}

void Session::parse() {
  if (!in_request_) {
    // RFC 9112 2.2: blank lines before a request are to be borne.
    while (consumed_ < input_.size() && (input_[consumed_] == '\r' || input_[consumed_] == '\n')) ++consumed_;
    if (shared_->draining() && consumed_ == input_.size()) return close();
  }
  if (consumed_ < input_.size()) {
    in_request_ = true;
    consumed_ += parser_.feed(std::string_view(input_).substr(consumed_));
    if (parser_.state() == RequestParser::State::complete) return dispatch();
    if (parser_.state() == RequestParser::State::failed) {
      drop_input();
      return refuse(parser_.failure_status(), parser_.failure());
    }
    if (parser_.expects_continue() && parser_.head_done() && !continue_sent_) send_continue();
  }
  read();
}

void Session::read() {
  const HttpOptions& options = shared_->options();
  if (in_request_) {
    if (request_began_ == Deadline::Clock::time_point{}) request_began_ = Deadline::Clock::now();
    deadline_.set(request_began_ + (parser_.head_done() ? options.request_timeout : options.head_timeout));
  }
  input_.erase(0, consumed_);
  consumed_ = 0;
  const std::size_t most = parser_.has_body_share() ? BodyShare::kReadBuffer : BodyShare::kFree;
  if (input_.size() > options.limits.head + most) {
    return refuse(400, "The request is malformed: a line without end.");
  }
  if (input_.empty() && input_.capacity() > kKeepInput && !in_request_) input_.shrink_to_fit();
  phase_ = Phase::read;
  const std::size_t have = input_.size();
  input_.resize(have + std::clamp(parser_.body_left(), kReadSize, most));
  socket_.async_read_some(asio::buffer(input_.data() + have, input_.size() - have),
                          [self = shared_from_this(), have](const error_code& ec, std::size_t size) {
                            // Closed, or refused by a deadline, while the read was under way: the buffer is another's.
                            if (self->phase_ != Phase::read) return;
                            self->input_.resize(have + (ec ? 0 : size));
                            self->on_read(ec);
                          });
}

/// While no read is under way.
void Session::drop_input() {
  std::string().swap(input_);
  consumed_ = 0;
}

void Session::on_read(const error_code& ec) {
  if (ec) return close();
  phase_ = Phase::parse;
  step();
}

void Session::send_continue() {
  continue_sent_ = true;
  // 25 bytes into an empty send buffer: they fit, or the client is past caring.
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ec;
  socket_.write_some(asio::buffer(kContinue.data(), kContinue.size()), ec);
}

void Session::dispatch() {
  phase_ = Phase::handle;
  deadline_.clear();
  keep_alive_ = parser_.keep_alive();
  old_client_ = parser_.is_http_1_0();
  auto request = parser_.take();
  is_head_ = request->method == Method::head;
  if (is_head_ || request->method == Method::get) request->drop_body();  // nobody reads it, and a stream may be long
  request->remote_address = remote_address_;
  request->id = make_request_id();
  in_request_ = continue_sent_ = false;
  request_began_ = {};
  if (consumed_ == input_.size() && input_.capacity() > kKeepInput) drop_input();
  Reply reply([self = shared_from_this()](Response response) { self->send(std::move(response)); }, request->id);
  try {
    shared_->handler()(std::move(request), std::move(reply));
  } catch (...) {
    // What got past the handler's own wall must not end the thread; the reply has answered 500 on its way out.
  }
}

/// From any thread.
void Session::send(Response response) {
  asio::dispatch(socket_.get_executor(), [self = shared_from_this(), response = std::move(response)]() mutable {
    self->respond(std::move(response));
    self->step();
  });
}

void Session::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  if (stream_) std::exchange(stream_, nullptr)->cut();
  error_code ec;
  socket_.close(ec);
  deadline_.stop();
  shared_->remove(this);
}

void Session::on_deadline() {
  if (phase_ == Phase::stream) return on_stream_deadline();
  if (phase_ != Phase::read || !in_request_) return close();
  error_code ec;
  socket_.cancel(ec);  // The read under way must not touch the buffer once we linger.
  refuse(408, "The request did not arrive in time.");
}

}  // namespace taskd
