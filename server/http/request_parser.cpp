// RequestParser: see request_parser.hpp. RFC 9112's rules that Beast leaves to its user are here: Host, one
// Transfer-Encoding, the target's form.
#include "http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

namespace taskd {

namespace http = boost::beast::http;
using boost::beast::error_code;

namespace {

std::string_view view(boost::beast::string_view text) noexcept { return {text.data(), text.size()}; }

/// True when the first line ends as a request line does: then its version is not ours, else the line is no good.
bool names_a_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
  constexpr std::string_view kForm = " HTTP/1.1";
  return line.size() > kForm.size() && line.substr(line.size() - kForm.size(), 6) == kForm.substr(0, 6) &&
         line.find('\n') == std::string_view::npos;
}

/// A refusal of our own, carried through Beast's error code.
error_code refusal() { return http::make_error_code(http::error::bad_field); }

}  // namespace

class RequestParser::Impl {
 public:
  explicit Impl(const ParserLimits& limits) : limits_(limits) { reset(); }

  void reset() {
    parser_.emplace(*this);
    parser_->eager(true);
    parser_->header_limit(static_cast<std::uint32_t>(limits_.head));
    parser_->body_limit(limits_.body);
    request_ = std::make_shared<Request>();
    target_.clear();
    refused_.clear();
    hosts_ = codings_ = lengths_ = 0;
    in_head_ = true;
    expects_continue_ = false;
  }

  /// Beast's own callbacks, moved on to the owner.
  class Parser final : public http::basic_parser<true> {
   public:
    explicit Parser(Impl& owner) : owner_(owner) {}

   private:
    void on_request_impl(http::verb, boost::beast::string_view method, boost::beast::string_view target, int version,
                         error_code& ec) override {
      owner_.version_ = version;
      owner_.on_request(view(method), view(target), ec);
    }
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code& ec) override {
      owner_.on_field(view(name), view(value), ec);
    }
    void on_header_impl(error_code& ec) override { owner_.on_head(ec); }
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
      if (length) owner_.request_->body.reserve(static_cast<std::size_t>(*length));
    }
    std::size_t on_body_impl(boost::beast::string_view body, error_code& ec) override {
      return owner_.on_body(view(body), ec);
    }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code& ec) override {
      return owner_.on_body(view(body), ec);
    }
    void on_finish_impl(error_code&) override {}

    Impl& owner_;
  };

  void on_request(std::string_view method, std::string_view target, error_code& ec) {
    request_->method = parse_method(method);
    if (target.size() > limits_.target) {
      refuse(414, "The request target is longer than " + std::to_string(limits_.target) + " bytes.", ec);
      return;
    }
    target_ = target;
  }

  void on_field(std::string_view name, std::string_view value, error_code& ec) {
    if (!in_head_) return;  // A trailer says nothing that we need.
    if (iequals(name, "Host")) ++hosts_;
    if (iequals(name, "Content-Length")) ++lengths_;
    if (iequals(name, "Transfer-Encoding")) {
      ++codings_;
      if (!iequals(value, "chunked")) refuse(501, "Only the transfer coding \"chunked\" is understood.", ec);
    }
    if (iequals(name, "Expect")) {
      expects_continue_ = iequals(value, "100-continue");
      if (!expects_continue_) refuse(417, "Only \"100-continue\" can be expected.", ec);
    }
    request_->headers.add(name, value);
  }

  void on_head(error_code& ec) {
    in_head_ = false;
    const bool old = version_ < 11;
    if (version_ > 11) return refuse(505, "Only HTTP/1.0 and HTTP/1.1 are spoken.", ec);
    if (hosts_ > 1 || (hosts_ == 0 && !old)) return refuse(400, "Exactly one Host header is needed.", ec);
    // Two ways to say how long a body is are how requests are smuggled past a proxy.
    if (codings_ > 1 || (codings_ > 0 && (lengths_ > 0 || old))) return refuse(400, "The body's length is ambiguous.", ec);
    auto target = parse_target(target_);
    if (!target || (target->path == "*" && request_->method != Method::options)) {
      return refuse(400, "The request target is malformed.", ec);
    }
    request_->path = std::move(target->path);
    request_->segments = std::move(target->segments);
    request_->query = std::move(target->query);
    if (old) expects_continue_ = false;
  }

  std::size_t on_body(std::string_view part, error_code& ec) {
    if (request_->body.size() + part.size() > limits_.body) {
      ec = http::make_error_code(http::error::body_limit);
      return 0;
    }
    request_->body.append(part);
    return part.size();
  }

  void refuse(int status, std::string detail, error_code& ec) {
    refused_status_ = status;
    refused_ = std::move(detail);
    ec = refusal();
  }

  const ParserLimits& limits_;
  std::optional<Parser> parser_;
  std::shared_ptr<Request> request_;
  std::string target_;
  std::string refused_;
  int refused_status_ = 400;
  int version_ = 11;  ///< 10 or 11
  int hosts_ = 0;
  int codings_ = 0;
  int lengths_ = 0;
  bool in_head_ = true;
  bool expects_continue_ = false;
};

RequestParser::RequestParser(const ParserLimits& limits) : limits_(limits), impl_(std::make_unique<Impl>(limits_)) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view bytes) {
  error_code ec;
  const std::size_t used = impl_->parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec == http::error::need_more) {
    state_ = State::partial;
  } else if (!ec) {
    state_ = impl_->parser_->is_done() ? State::complete : State::partial;
  } else if (!impl_->refused_.empty()) {
    fail(impl_->refused_status_, impl_->refused_);
  } else if (ec == http::error::header_limit) {
    fail(431, "The request's head is larger than " + std::to_string(limits_.head) + " bytes.");
  } else if (ec == http::error::body_limit) {
    fail(413, "The body is larger than " + std::to_string(limits_.body) + " bytes.");
  } else if (ec == http::error::bad_version && names_a_version(bytes)) {
    fail(505, "Only HTTP/1.0 and HTTP/1.1 are spoken.");
  } else {
    fail(400, "The request is malformed: " + ec.message() + ".");
  }
  return used;
}

void RequestParser::fail(int status, std::string detail) {
  state_ = State::failed;
  failure_status_ = status;
  failure_ = std::move(detail);
}

bool RequestParser::head_done() const noexcept { return !impl_->in_head_; }
bool RequestParser::expects_continue() const noexcept { return impl_->expects_continue_; }
bool RequestParser::keep_alive() const noexcept { return impl_->parser_->keep_alive(); }
bool RequestParser::is_http_1_0() const noexcept { return impl_->version_ < 11; }

std::size_t RequestParser::body_left() const noexcept {
  if (impl_->in_head_) return 0;
  const auto left = impl_->parser_->content_length_remaining();
  return left ? static_cast<std::size_t>(*left) : 0;
}

std::shared_ptr<Request> RequestParser::take() {
  auto request = std::move(impl_->request_);
  impl_->reset();
  state_ = State::partial;
  return request;
}

}  // namespace taskd
