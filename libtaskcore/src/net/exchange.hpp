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

#include "net/connection.hpp"

namespace taskcore::net {

/// One request and its answer on `stream`. It must outlive what it began.
template <class Stream>
class Exchange {
 public:
  explicit Exchange(Stream& stream) : stream_(stream) {}

  /// `owner` is kept until `done` has been called.
  void start(std::shared_ptr<void> owner, const boost::asio::any_io_executor& under, const HttpRequest& request,
             std::size_t max_body, std::function<void(Exchanged)> done) {
    owner_ = std::move(owner);
    under_ = under;
    max_body_ = max_body;
    done_ = std::move(done);
    write(request);
  }

 private:
  using Code = boost::beast::error_code;
  static constexpr std::uint32_t kMaxHead = 32 * 1024;
  static constexpr int kMaxInterim = 10;

  void write(const HttpRequest& request) {
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
    http::async_write(stream_, request_, boost::asio::bind_executor(under_, [this](Code error, std::size_t) {
                        // A server may answer and close before it has read all.
                        write_error_ = error;
                        read();
                      }));
  }

  void read() {
    parser_.emplace();
    parser_->header_limit(kMaxHead);
    parser_->body_limit(max_body_);
    parser_->skip(is_head_);
    boost::beast::http::async_read(
        stream_, buffer_, *parser_,
        boost::asio::bind_executor(under_, [this](Code error, std::size_t bytes) { on_read(error, bytes); }));
  }

  void on_read(Code error, std::size_t bytes) {
    if (!error && parser_->get().result_int() / 100 == 1 && parser_->get().result_int() != 101 &&
        ++interim_ <= kMaxInterim) {
      return read();
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
    const auto owner = std::move(owner_);  // the caller may let go of the connection in what follows
    const auto done = std::exchange(done_, nullptr);
    done(std::move(out));
  }

  void take_response(Exchanged& out) {
    auto& message = parser_->get();
    out.response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      std::string name(field.name_string());
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      out.response.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    out.malformed = out.response.status == 101 || out.response.status < 200;
    out.reusable =
        message.keep_alive() && !message.need_eof() && buffer_.size() == 0 && !write_error_ && !out.malformed;
    out.response.body = std::move(message.body());
  }

  static bool is_short_read(const Code& error);

  Stream& stream_;
  std::shared_ptr<void> owner_{};
  boost::asio::any_io_executor under_{};
  std::size_t max_body_ = 0;
  std::function<void(Exchanged)> done_{};
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
