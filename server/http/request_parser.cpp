// RequestParser: see request_parser.hpp. Beast reads the syntax, RequestBuilder judges what was read.
#include "http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <utility>

#include "http/request_builder.hpp"

namespace taskd {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

namespace {

std::string_view view(BeastView text) noexcept { return {text.data(), text.size()}; }

/// What is still to come of a chunked body that has not ended: "0" and two ends of lines, at the least. Beast takes for
/// granted that it is given no less.
constexpr std::size_t kShortestEnd = 5;

/// True when the value goes on in another line (obs-fold): then it does not stand behind its name.
bool is_folded(BeastView name, BeastView value) noexcept {
  const char* at = name.data() + name.size() + 1;
  while (*at == ' ' || *at == '\t') ++at;
  return value.data() != at;
}

/// Beast's callbacks, handed on to a builder.
class Parser final : public http::basic_parser<true> {
 public:
  Parser(const ParserLimits& limits, const std::shared_ptr<BodyBudget>& body_budget) : builder(limits, body_budget) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.head));
    body_limit(limits.body);
  }

  RequestBuilder builder;
  bool refused = false;  ///< By the builder.

 private:
  void check(bool good, error_code& ec) {
    if (good) return;
    refused = true;
    ec = http::make_error_code(http::error::bad_field);
  }

  void on_request_impl(http::verb, BeastView method, BeastView target, int version, error_code& ec) override {
    check(builder.on_request(view(method), view(target), version), ec);
  }
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_field_impl(http::field, BeastView name, BeastView value, error_code& ec) override {
    if (is_folded(name, value)) {
      ec = http::make_error_code(http::error::bad_value);
      return;
    }
    check(builder.on_field(view(name), view(value)), ec);
  }
  void on_header_impl(error_code& ec) override { check(builder.on_head(), ec); }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) builder.reserve_body(static_cast<std::size_t>(*length));
  }
  std::size_t on_body_impl(BeastView body, error_code& ec) override {
    check(builder.on_body(view(body)), ec);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, BeastView extension, error_code& ec) override {
    check(builder.on_chunk(view(extension)), ec);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, error_code& ec) override {
    check(builder.on_body(view(body)), ec);
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
};

}  // namespace

/// Beast's parser reads one message only: each request has a new one, in the same place.
class RequestParser::Impl {
 public:
  std::optional<Parser> parser;
};

RequestParser::RequestParser(const ParserLimits& limits, std::shared_ptr<BodyBudget> body_budget)
    : limits_(limits), body_budget_(std::move(body_budget)), impl_(std::make_unique<Impl>()) {
  discard();
}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view bytes) {
  error_code ec;
  Parser& parser = *impl_->parser;
  if (parser.is_header_done() && parser.chunked() && bytes.size() < kShortestEnd) return 0;
  const std::size_t used = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (!ec || ec == http::error::need_more) {
    state_ = !ec && parser.is_done() ? State::complete : State::partial;
  } else if (parser.refused) {
    fail(parser.builder.status(), parser.builder.detail());
  } else if (ec == http::error::header_limit) {
    fail(431, "The request's head is larger than " + std::to_string(limits_.head) + " bytes.");
  } else if (ec == http::error::body_limit) {
    fail(413, "The body is larger than " + std::to_string(limits_.body) + " bytes.");
  } else if (ec == http::error::bad_version) {
    fail(400, "Only HTTP/1.0 and HTTP/1.1 are spoken.");
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

bool RequestParser::head_done() const noexcept { return impl_->parser->builder.head_done(); }
bool RequestParser::expects_continue() const noexcept { return impl_->parser->builder.expects_continue(); }
bool RequestParser::has_body_share() const noexcept { return impl_->parser->builder.has_body_share(); }
bool RequestParser::keep_alive() const noexcept { return impl_->parser->keep_alive(); }
bool RequestParser::is_http_1_0() const noexcept { return impl_->parser->builder.is_http_1_0(); }

std::size_t RequestParser::body_left() const noexcept {
  if (!head_done()) return 0;
  const auto left = impl_->parser->content_length_remaining();
  return left ? static_cast<std::size_t>(*left) : 0;
}

std::shared_ptr<Request> RequestParser::take() {
  auto request = impl_->parser->builder.take();
  discard();
  state_ = State::partial;
  return request;
}

void RequestParser::discard() { impl_->parser.emplace(limits_, body_budget_); }

}  // namespace taskd
