// One call of a function of the module: an attempt's context as a message, and messages as the attempt's log and end.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "taskcore/executor.hpp"

namespace taskd {

class FunctionCall {
 public:
  FunctionCall(std::uint64_t id, std::string function, std::shared_ptr<taskcore::RunContext> context,
               taskcore::RunCompletion done, const boost::asio::any_io_executor& executor);

  /// What the process is told to do.
  boost::json::object request() const;
  boost::json::object abort_request() const;

  /// Takes a message of the process. True when it was the last: the attempt has ended.
  bool take(const boost::json::object& message);

  void end(taskcore::Outcome outcome);

  /// Calls `stop` when the attempt is to stop, from any thread, at once when it is to stop already.
  void on_stop(std::function<void()> stop);

  taskcore::Duration kill_grace() const { return context_->kill_grace(); }

  bool sent = false;
  boost::asio::steady_timer grace;  ///< From the request to stop to the kill.

 private:
  const std::uint64_t id_;
  const std::string function_;
  std::shared_ptr<taskcore::RunContext> context_;
  taskcore::RunCompletion done_;
  std::optional<std::stop_callback<std::function<void()>>> stop_{};
};

}  // namespace taskd
