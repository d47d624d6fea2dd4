// Bytes to a Request, as they come. The one place that knows Beast: its parser, fed by hand, fills our Request
// directly.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/options.hpp"

namespace taskd {

/// Parses one request after another. Bytes that `feed` does not consume must come again, with more behind them.
class RequestParser {
 public:
  /// What bodies hold is not counted without a budget.
  explicit RequestParser(const ParserLimits& limits, std::shared_ptr<BodyBudget> body_budget = nullptr);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  enum class State { partial, complete, failed };

  /// Gives how many bytes were taken.
  std::size_t feed(std::string_view bytes);

  State state() const noexcept { return state_; }

  /// After `failed`: what to answer.
  int failure_status() const noexcept { return failure_status_; }
  const std::string& failure() const noexcept { return failure_; }

  /// The head is whole, the body may not be.
  bool head_done() const noexcept;

  /// The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const noexcept;

  /// Bytes of body still to come, where the client said so; else 0.
  std::size_t body_left() const noexcept;

  /// The body has a share of the budget, in which the buffer that it is read into is counted.
  bool has_body_share() const noexcept;

  bool keep_alive() const noexcept;
  bool is_http_1_0() const noexcept;

  /// After `complete`: the request; the parser is ready for the next one.
  std::shared_ptr<Request> take();

  /// Lets go of what has come of a request. State and failure stay.
  void discard();

 private:
  class Impl;

  void fail(int status, std::string detail);

  const ParserLimits limits_;
  const std::shared_ptr<BodyBudget> body_budget_;
  std::unique_ptr<Impl> impl_;
  State state_ = State::partial;
  int failure_status_ = 400;
  std::string failure_;
};

}  // namespace taskd
