// The exported functions of a JavaScript module as functions of the scheduler. They run side by side in one Node.js
// process, which is started anew when it has ended and a call comes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "functions/crash_report.hpp"
#include "functions/function_call.hpp"
#include "functions/node_process.hpp"
#include "functions/restart_pace.hpp"
#include "taskcore/scheduler.hpp"

namespace taskd {

/// Usable from any thread. Everything within happens on a strand of its own.
class FunctionModule : public std::enable_shared_from_this<FunctionModule> {
 public:
  struct Options {
    std::filesystem::path file{};
    std::size_t max_output = 1024 * 1024;  ///< Bytes of output kept of a call.
    /// Receives what the process prints outside of any call, and what befalls it.
    std::function<void(taskcore::LogLevel, std::string_view)> log{};
    std::chrono::milliseconds load_time{30'000};  ///< For the module to be loaded.
    std::chrono::milliseconds stop_time{1'000};   ///< For the process to end by itself.
  };

  static std::shared_ptr<FunctionModule> make(const boost::asio::any_io_executor& executor, Options options);

  /// Starts the process, loads the module and gives the names of its functions. Blocks; another thread runs the
  /// executor. Errors: `invalid` (no such file), `not_found` (no Node.js), `unavailable` (the module cannot be loaded).
  taskcore::Result<std::vector<std::string>> load();

  /// Makes each name a function of the scheduler.
  void add_to(taskcore::Scheduler& scheduler, const std::vector<std::string>& names);

  /// Ends the process; needed before the executor goes. Blocks; another thread runs the executor.
  void stop() noexcept;

 private:
  using Names = taskcore::Result<std::vector<std::string>>;

  FunctionModule(const boost::asio::any_io_executor& executor, Options options);

  void call(std::string function, std::shared_ptr<taskcore::RunContext> context, taskcore::RunCompletion done);
  void begin(std::uint64_t id, const std::shared_ptr<FunctionCall>& call);
  void stop_call(std::uint64_t id);
  void end_calls(bool waiting_too, std::string_view code, const std::string& why);
  void end_culprit(const std::string& why);

  void start_when_due();
  void start_process();
  void take(const boost::json::object& message);
  void ready(const boost::json::object& message);
  void not_loaded(const std::string& why);
  void ended(const std::string& how);
  void kill_for(const std::string& why);
  void answer_load(Names names);
  void log(taskcore::LogLevel level, const std::string& text) const;

  const Options options_;
  boost::asio::strand<boost::asio::any_io_executor> strand_;
  boost::asio::steady_timer start_timer_;
  boost::asio::steady_timer load_timer_;
  RestartPace pace_{};
  std::shared_ptr<NodeProcess> process_{};
  bool start_waits_ = false;
  bool ready_ = false;
  bool stopping_ = false;
  CrashReport report_{};
  std::string killed_why_{};  ///< Why it was killed, where it was.
  std::string not_loaded_{};  ///< Why the module cannot be loaded.
  std::map<std::uint64_t, std::shared_ptr<FunctionCall>> calls_{};
  std::uint64_t next_id_ = 1;
  std::shared_ptr<std::promise<Names>> load_answer_{};
  std::shared_ptr<std::promise<void>> end_answer_{};
};

}  // namespace taskd
