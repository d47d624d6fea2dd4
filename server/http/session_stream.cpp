// Session, where a response goes on: what its stream has is sent as it comes, a heartbeat where nothing does, until
// the stream is over, the client has gone or takes too long.
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <utility>

#include "http/event_stream.hpp"
#include "http/session.hpp"

namespace taskd {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kWatchRead = 64;
constexpr std::size_t kKeepOutput = 4 * 1024;  // A quiet stream holds no more buffer than this.

void append_chunk(std::string& out, std::string_view text) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, text.size(), 16).ptr;
  out.append(digits, end).append("\r\n").append(text).append("\r\n");
}

}  // namespace

/// The head is in `head_`.
void Session::begin_stream(std::shared_ptr<EventStream> stream) {
  phase_ = Phase::stream;
  stream_ = std::move(stream);
  stream_->attach([weak = weak_from_this(), executor = socket_.get_executor()] {
    asio::post(executor, [weak] {
      const auto self = weak.lock();
      if (self && self->phase_ == Phase::stream && !self->sending_) self->send_events();
    });
  });
  if (shared_->draining()) stream_->finish();
  // A client that has sent its next request does not want to listen.
  if (consumed_ < input_.size()) {
    stream_->finish();
  } else {
    watch_client();
  }
  stream_->more();
  send_events();
}

void Session::send_events() {
  const EventStream::Taken taken = stream_->take();
  if (head_.empty() && taken.text.empty() && !taken.is_last) {
    deadline_.set_in(shared_->options().heartbeat);
    return;
  }
  send_part(taken.text, taken.is_last);
}

void Session::send_part(const std::string& text, bool is_last) {
  if (old_client_) {
    head_ += text;
  } else {
    if (!text.empty()) append_chunk(head_, text);
    if (is_last) head_ += "0\r\n\r\n";
  }
  sending_ = true;
  deadline_.set_in(shared_->options().write_timeout);
  asio::async_write(socket_, asio::buffer(head_),
                    [self = shared_from_this(), is_last](const error_code& ec, std::size_t) {
                      if (self->phase_ != Phase::stream) return;
                      self->sending_ = false;
                      if (ec) return self->close();
                      self->head_.clear();
                      if (self->head_.capacity() > kKeepOutput) std::string().swap(self->head_);
                      if (is_last) return self->end_stream();
                      self->stream_->more();
                      self->send_events();
                    });
}

/// The deadline of a stream: of the write under way, or for the next heartbeat.
void Session::on_stream_deadline() {
  if (sending_) return close();
  const std::string heartbeat = stream_->heartbeat();  // first: what it speaks of is in what is taken
  const EventStream::Taken taken = stream_->take();
  const bool is_quiet = taken.text.empty() && !taken.is_last;
  send_part(is_quiet ? heartbeat : taken.text, taken.is_last);
}

void Session::end_stream() {
  std::exchange(stream_, nullptr)->cut();
  linger();
}

/// Reads only to learn that the client has gone, or that it has something else to say.
void Session::watch_client() {
  input_.resize(kWatchRead);
  input_.shrink_to_fit();
  consumed_ = 0;
  watching_ = true;
  socket_.async_read_some(asio::buffer(input_), [self = shared_from_this()](const error_code& ec, std::size_t) {
    self->watching_ = false;
    if (self->phase_ != Phase::stream && self->phase_ != Phase::linger) return;
    if (ec) return self->close();
    if (self->phase_ == Phase::linger) return self->discard();
    self->stream_->finish();
  });
}

}  // namespace taskd
