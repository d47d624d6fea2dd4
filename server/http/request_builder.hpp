// The rules by which the pieces of a request, as the parser hands them out, become a Request: RFC 9112's demands on
// Host, lengths and target, and our own limits. Knows no parser.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/options.hpp"

namespace taskd {

/// Each step gives false when the request must be refused; then `status` and `detail` say how.
class RequestBuilder {
 public:
  /// Both must outlive it. What bodies hold is not counted where the budget is null.
  RequestBuilder(const ParserLimits& limits, const std::shared_ptr<BodyBudget>& body_budget)
      : limits_(limits), body_budget_(body_budget) {}

  bool on_request(std::string_view method, std::string_view target, int version);
  bool on_field(std::string_view name, std::string_view value);
  bool on_head();
  bool on_body(std::string_view part);
  bool on_chunk(std::string_view extension);

  /// A length that a client only claims is believed as far as that costs nothing.
  void reserve_body(std::size_t size);

  int status() const noexcept { return status_; }
  const std::string& detail() const noexcept { return detail_; }

  bool head_done() const noexcept { return head_done_; }
  bool expects_continue() const noexcept { return expects_continue_; }
  bool is_http_1_0() const noexcept { return version_ < 11; }
  bool has_body_share() const noexcept { return request_->body_share.size() > 0; }
  std::shared_ptr<Request> take() { return std::move(request_); }

 private:
  bool refuse(int status, std::string detail);
  bool count(std::size_t size);
  bool make_room(std::size_t size);

  const ParserLimits& limits_;
  const std::shared_ptr<BodyBudget>& body_budget_;
  std::shared_ptr<Request> request_ = std::make_shared<Request>();
  std::string target_;
  std::string detail_;
  int status_ = 400;
  int version_ = 11;           ///< 10 or 11
  std::size_t head_size_ = 0;  ///< Then that of trailers and chunk extensions.
  int hosts_ = 0;
  int codings_ = 0;
  int lengths_ = 0;
  bool head_done_ = false;
  bool expects_continue_ = false;
};

}  // namespace taskd
