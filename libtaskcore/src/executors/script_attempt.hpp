// One attempt of a script: its process, its output as lines of the log, its end as an outcome.
#pragma once

#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "executors/child_process.hpp"
#include "executors/line_splitter.hpp"
#include "executors/progress_lines.hpp"
#include "executors/script_config.hpp"
#include "executors/script_groups.hpp"
#include "taskcore/executor.hpp"

namespace taskcore {

/// Everything happens on a strand of its own.
class ScriptAttempt : public std::enable_shared_from_this<ScriptAttempt> {
 public:
  /// `groups` may be null.
  ScriptAttempt(std::shared_ptr<RunContext> context, RunCompletion done, ScriptConfig config, std::size_t max_output,
                std::shared_ptr<ScriptGroups> groups);

  /// Begins `spec`, to which the limits and the group are added here.
  void start(ChildSpec spec);

 private:
  void spawn(ChildSpec spec);
  Result<void> enter_group(ChildSpec& spec);
  void leave_group();
  void take_output(int stream, std::string_view bytes);
  void terminate();
  void ended(const ChildExit& exit);
  void log_usage(const ChildExit& exit);
  Outcome outcome_of(const ChildExit& exit) const;
  boost::json::value result() const;

  boost::asio::strand<boost::asio::any_io_executor> strand_;
  std::shared_ptr<RunContext> context_;
  RunCompletion done_;
  ScriptConfig config_;
  OutputCapture capture_;
  ProgressLines progress_;
  std::shared_ptr<ScriptGroups> groups_;
  std::string group_{};
  std::weak_ptr<ChildProcess> child_{};
  std::optional<std::stop_callback<std::function<void()>>> on_stop_{};
};

}  // namespace taskcore
