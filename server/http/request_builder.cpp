// RequestBuilder: see request_builder.hpp.
#include "http/request_builder.hpp"

namespace taskd {

bool RequestBuilder::on_request(std::string_view method, std::string_view target, int version) {
  version_ = version;
  request_->method = parse_method(method);
  if (target.size() > limits_.target) {
    return refuse(414, "The request target is longer than " + std::to_string(limits_.target) + " bytes.");
  }
  target_ = target;
  return true;
}

bool RequestBuilder::on_field(std::string_view name, std::string_view value) {
  if (head_done_) return true;  // A trailer says nothing that we need.
  if (iequals(name, "Host")) ++hosts_;
  if (iequals(name, "Content-Length")) ++lengths_;
  if (iequals(name, "Transfer-Encoding")) {
    ++codings_;
    if (!iequals(value, "chunked")) return refuse(501, "Only the transfer coding \"chunked\" is understood.");
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
  if (request_->body.size() + part.size() > limits_.body) {
    return refuse(413, "The body is larger than " + std::to_string(limits_.body) + " bytes.");
  }
  request_->body.append(part);
  return true;
}

bool RequestBuilder::refuse(int status, std::string detail) {
  status_ = status;
  detail_ = std::move(detail);
  return false;
}

}  // namespace taskd
