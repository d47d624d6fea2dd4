// RequestBuilder: see request_builder.hpp.
#include "http/request_builder.hpp"

#include <algorithm>
#include <bit>

#include "text/utf8.hpp"

namespace taskd {

bool RequestBuilder::on_request(std::string_view method, std::string_view target, int version) {
  version_ = version;
  request_->method = parse_method(method);
  if (target.size() > limits_.target) {
    return refuse(414, "The request target is longer than " + std::to_string(limits_.target) + " bytes.");
  }
  target_ = target;
  return count(method.size() + target.size());
}

bool RequestBuilder::on_field(std::string_view name, std::string_view value) {
  if (!count(name.size() + value.size() + 4)) return false;
  if (head_done_) return true;  // A trailer says nothing that we need.
  if (iequals(name, "Host")) {
    ++hosts_;
    if (!is_authority(value)) return refuse(400, "The Host header is malformed.");
  }
  if (iequals(name, "Content-Length")) {
    // A repeated length could be borne where it is the same; only who wants to confuse a proxy sends that.
    if (++lengths_ > 1 || value.find_first_not_of("0123456789") != std::string_view::npos) {
      return refuse(400, "Content-Length must be one number.");
    }
  }
  if (iequals(name, "Transfer-Encoding")) {
    ++codings_;
    if (!iequals(value, "chunked")) return refuse(400, "Only the transfer coding \"chunked\" is understood.");
  }
  if (iequals(name, "Expect")) {
    expects_continue_ = iequals(value, "100-continue");
    if (!expects_continue_) return refuse(417, "Only \"100-continue\" can be expected.");
  }
  request_->headers.add(name, value);
  return true;
}

bool RequestBuilder::on_head() {
  head_done_ = true;
  head_size_ = 0;
  if (hosts_ > 1 || (hosts_ == 0 && !is_http_1_0())) return refuse(400, "Exactly one Host header is needed.");
  // Two ways to say how long a body is are how requests are smuggled past a proxy.
  if (codings_ > 1 || (codings_ > 0 && (lengths_ > 0 || is_http_1_0()))) {
    return refuse(400, "The body's length is ambiguous.");
  }
  auto target = parse_target(target_);
  if (!target || (target->path == "*" && request_->method != Method::options)) {
    return refuse(400, "The request target is malformed.");
  }
  request_->path = std::move(target->path);
  request_->segments = std::move(target->segments);
  request_->query = std::move(target->query);
  if (is_http_1_0()) expects_continue_ = false;
  return true;
}

bool RequestBuilder::on_body(std::string_view part) {
  std::string& body = request_->body;
  const std::size_t size = body.size() + part.size();
  if (size > limits_.body) return refuse(413, "The body is larger than " + std::to_string(limits_.body) + " bytes.");
  if (size > body.capacity() && !make_room(size)) {
    return refuse(503, "The bodies of requests hold as much memory as the server can bear.");
  }
  body.append(part);
  return true;
}

/// In powers of two, much as a string would do it by itself: here, so that it is asked for first.
bool RequestBuilder::make_room(std::size_t size) {
  const std::size_t room = size <= BodyShare::kFree ? BodyShare::kFree : std::bit_ceil(size);
  if (body_budget_ && !request_->body_share.grow(body_budget_, room)) return false;
  request_->body.reserve(room);
  return true;
}

bool RequestBuilder::on_chunk(std::string_view extension) {
  // Quoted values may hold anything, also what another parser takes for the end of the line.
  if (has_control_character(extension)) return refuse(400, "A chunk's extension holds a control character.");
  return count(extension.size());
}

void RequestBuilder::reserve_body(std::size_t size) { request_->body.reserve(std::min(size, BodyShare::kFree)); }

/// The parser limits what it is given at a time, and forgets what it has handed out.
bool RequestBuilder::count(std::size_t size) {
  head_size_ += size;
  if (head_size_ <= limits_.head) return true;
  return refuse(431, "The request's header fields are larger than " + std::to_string(limits_.head) + " bytes.");
}

bool RequestBuilder::refuse(int status, std::string detail) {
  status_ = status;
  detail_ = std::move(detail);
  return false;
}

}  // namespace taskd
