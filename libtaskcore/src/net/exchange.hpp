// HTTP/1.1 over any stream, by Beast: to be included where a stream's connection is made, and nowhere else, for it
// takes long to compile.
#pragma once

#include <boost/asio/bind_executor.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <utility>

#include "model/text.hpp"
#include "net/connection.hpp"

namespace taskcore::net {

/// One request and its answer on `stream`. It must outlive what it began.
template <class Stream>
class Exchange {
 public:
  explicit Exchange(Stream& stream) : stream_(stream) {}

  /// `owner` is kept until `done` has been called.
  void start(std::shared_ptr<void> owner, const boost::asio::any_io_executor& under, const HttpRequest& request,
             Intake intake, std::function<void(Exchanged)> done) {
    under_ = under;
    intake_ = std::move(intake);
    write(request, std::make_shared<Held>(Held{std::move(owner), std::move(done)}));
  }

 private:
  using Code = boost::beast::error_code;
  /// What only the handlers hold: where they are dropped uncalled, with their loop, nothing is left behind.
  struct Held {
    std::shared_ptr<void> owner;
    std::function<void(Exchanged)> done;
  };
  using HeldPtr = std::shared_ptr<Held>;
  static constexpr std::uint32_t kMaxHead = 32 * 1024;
  static constexpr int kMaxInterim = 10;

  void write(const HttpRequest& request, const HeldPtr& held) {
    namespace http = boost::beast::http;
    request_ = {};
    request_.version(11);
    request_.method_string(request.method);
    request_.target(request.target.path);
    request_.set(http::field::host, request.target.authority());
    for (const auto& [name, value] : request.headers) request_.insert(name, value);
    request_.body() = request.body;
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
      request_.content_length(request.body.size());
    }
    is_head_ = request.method == "HEAD";
    interim_ = 0;
    http::async_write(stream_, request_, boost::asio::bind_executor(under_, [this, held](Code error, std::size_t) {
                        // A server may answer and close before it has read all.
                        write_error_ = error;
                        read(held);
                      }));
  }

  void read(const HeldPtr& held) {
    parser_.emplace();
    parser_->header_limit(kMaxHead);
    parser_->body_limit(intake_.max_size);
    parser_->skip(is_head_);
    if (!intake_.on_events) return read_all(held);
    boost::beast::http::async_read_header(
        stream_, buffer_, *parser_, boost::asio::bind_executor(under_, [this, held](Code error, std::size_t bytes) {
          if (error || parser_->is_done()) return on_read(error, bytes, held);
          if (!has_events()) return read_all(held);
          parser_->body_limit(boost::none);
          // Not eager: then what is whole is handed on, though the end of its chunk waits for the next head.
          parser_->eager(false);
          intake_.on_events({});
          read_events(held);
        }));
  }

  bool has_events() const {
    const auto& message = parser_->get();
    return message.result_int() == 200 &&
           lower(message[boost::beast::http::field::content_type]).starts_with("text/event-stream");
  }

  void read_events(const HeldPtr& held) {
    boost::beast::http::async_read_some(stream_, buffer_, *parser_,
                                        boost::asio::bind_executor(under_, [this, held](Code error, std::size_t bytes) {
                                          std::string& body = parser_->get().body();
                                          if (!body.empty()) intake_.on_events(body);
                                          body.clear();
                                          if (error || parser_->is_done()) return on_read(error, bytes, held);
                                          read_events(held);
                                        }));
  }

  void read_all(const HeldPtr& held) {
    boost::beast::http::async_read(stream_, buffer_, *parser_,
                                   boost::asio::bind_executor(under_, [this, held](Code error, std::size_t bytes) {
                                     on_read(error, bytes, held);
                                   }));
  }

  void on_read(Code error, std::size_t bytes, const HeldPtr& held) {
    if (!error && parser_->get().result_int() / 100 == 1 && parser_->get().result_int() != 101 &&
        ++interim_ <= kMaxInterim) {
      return read(held);
    }
    namespace http = boost::beast::http;
    Exchanged out;
    out.answered = bytes > 0 || parser_->got_some();
    out.too_large = error == http::error::body_limit;
    out.truncated = out.answered && (error == http::error::partial_message || error == boost::asio::error::eof ||
                                     error == boost::asio::error::connection_reset || is_short_read(error));
    out.malformed = error && error.category() == http::make_error_code(http::error::bad_version).category() &&
                    !out.too_large && !out.truncated && error != http::error::end_of_stream;
    out.error = error && write_error_ && !out.answered ? write_error_ : error;
    if (!error) take_response(out);
    const auto done = std::move(held->done);
    done(std::move(out));  // the caller may let go of the connection here: the handler holds it
  }

  void take_response(Exchanged& out) {
    auto& message = parser_->get();
    out.response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      out.response.headers.emplace_back(lower(field.name_string()), std::string(field.value()));
    }
    out.malformed = out.response.status == 101 || out.response.status < 200;
    out.reusable =
        message.keep_alive() && !message.need_eof() && buffer_.size() == 0 && !write_error_ && !out.malformed;
    out.response.body = std::move(message.body());
  }

  static bool is_short_read(const Code& error);
  static bool reads_ahead();

  Stream& stream_;
  boost::asio::any_io_executor under_{};
  Intake intake_{};
  boost::beast::flat_buffer buffer_{};
  boost::beast::http::request<boost::beast::http::string_body> request_{};
  std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> parser_{};
  Code write_error_{};
  bool is_head_ = false;
  int interim_ = 0;
};

/// Whether a resting socket is open, with nothing to read.
inline bool is_quiet(boost::asio::ip::tcp::socket& socket) noexcept {
  if (!socket.is_open()) return false;
  char byte = 0;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace taskcore::net
