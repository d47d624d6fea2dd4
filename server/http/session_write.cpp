// Session, the way out: responses, refusals, and how a connection ends so that the client hears why.
#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "http/problem.hpp"
#include "http/request_id.hpp"
#include "http/session.hpp"
#include "http/wire.hpp"

namespace taskd {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kSmallBody = 16 * 1024;  // Bodies up to this are copied behind the head: one buffer, one write.
constexpr std::size_t kLingerRead = 4 * 1024;
constexpr std::size_t kMaxDiscard = 4 * 1024 * 1024;

}  // namespace

void Session::respond(Response response) {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::write;
  keep_alive_ = keep_alive_ && !response.close && !response.stream && !shared_->draining();
  const bool bodiless = is_head_ || response.status == 204 || response.status == 304;
  head_.clear();
  body_.clear();
  append_head(head_, response, WireOptions{keep_alive_, old_client_, socket_.is_tls()});
  if (response.stream && !is_head_) return begin_stream(std::move(response.stream));
  if (!bodiless) {
    if (response.body.size() <= kSmallBody) {
      head_ += response.body;
    } else {
      body_ = std::move(response.body);
    }
  }
  // Nearly always the socket takes all of it at once, which saves a round through the event loop.
  error_code ec;
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(body_)};
  const std::size_t written = socket_.write_some(parts, ec);
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return close();
  if (written == head_.size() + body_.size()) return on_written();
  write_rest(written);
}

void Session::write_rest(std::size_t written) {
  deadline_.set_in(shared_->options().write_timeout);
  const std::size_t of_head = std::min(written, head_.size());
  const std::array<asio::const_buffer, 2> rest{asio::buffer(head_) + of_head,
                                               asio::buffer(body_) + (written - of_head)};
  asio::async_write(socket_, rest, [self = shared_from_this()](const error_code& ec, std::size_t) {
    if (self->phase_ != Phase::write) return;
    if (ec) return self->close();
    self->on_written();
    self->step();
  });
}

void Session::on_written() {
  if (body_.capacity() > kSmallBody) std::string().swap(body_);
  if (!keep_alive_) return linger();
  phase_ = Phase::parse;
  deadline_.set_in(shared_->options().idle_timeout);
}

void Session::refuse(int status, const std::string& detail) {
  is_head_ = false;
  parser_.discard();
  const std::string id = make_request_id();
  Problem problem = make_problem(status, detail);
  if (status == 503) problem.headers.set("Retry-After", "1");
  Response response = to_response(problem, id);
  response.headers.set("X-Request-Id", id);
  response.close = true;
  respond(std::move(response));
}

/// The last response is out. Closing with unread bytes in the kernel would reset the connection, and the client might
/// never see why: so say that no more comes, and read on for a short while.
void Session::linger() {
  error_code ec;
  socket_.shutdown_send(ec);
  if (ec) return close();
  phase_ = Phase::linger;
  deadline_.set_in(shared_->options().linger_timeout);
  if (watching_) return;  // That read is the first of them.
  input_.resize(kLingerRead);
  discard();
}

void Session::discard() {
  socket_.async_read_some(asio::buffer(input_), [self = shared_from_this()](const error_code& ec, std::size_t size) {
    if (self->phase_ != Phase::linger) return;
    self->discarded_ += size;
    if (ec || self->discarded_ > kMaxDiscard) return self->close();
    self->discard();
  });
}

}  // namespace taskd
