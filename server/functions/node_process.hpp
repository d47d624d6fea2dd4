// One Node.js process: messages to it and from it, what it prints, and its end. No thread, no coroutine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "file.hpp"
#include "functions/node_spawn.hpp"
#include "taskcore/result.hpp"

namespace taskd {

/// It keeps itself alive until it has ended. Not thread safe: the executor must be a strand or run on one thread, and
/// all calls are made on it. Handlers must not throw.
class NodeProcess : public std::enable_shared_from_this<NodeProcess> {
 public:
  struct Handlers {
    std::function<void(const boost::json::object& message)> on_message{};
    std::function<void(int stream, std::string_view line)> on_line{};  ///< Of standard output (1) or error (2).
    /// Once, after all messages and lines, when the process is reaped. `how` is such as "exit code 1".
    std::function<void(const std::string& how)> on_end{};
  };

  /// The handlers are never called from within `start`. Errors: those of spawn_node.
  static taskcore::Result<std::shared_ptr<NodeProcess>> start(const boost::asio::any_io_executor& executor,
                                                              std::string_view program, Handlers handlers);
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  void send(const boost::json::object& message);

  /// Lets it end by itself: there will be no more messages.
  void close();

  /// SIGKILL to it and to what it started.
  void kill();

  pid_t pid() const noexcept { return pid_; }

 private:
  using Descriptor = boost::asio::posix::stream_descriptor;
  struct Source {
    Descriptor descriptor;
    std::size_t longest;  ///< Line.
    std::string rest{};
  };

  NodeProcess(const boost::asio::any_io_executor& executor, SpawnedNode node, Handlers handlers);

  void watch(Source& source);
  bool read(Source& source, int most_reads);
  void take(Source& source, std::string_view bytes);
  void take_line(Source& source, std::string_view line);
  void take_message(std::string_view line);
  void write();
  void watch_end();
  void reap();

  const pid_t pid_;
  File lifeline_;
  Source channel_;
  Source output_;
  Source error_;
  Descriptor process_;
  Handlers handlers_;
  std::string unsent_{};
  bool writing_ = false;
  bool reaped_ = false;
};

}  // namespace taskd
