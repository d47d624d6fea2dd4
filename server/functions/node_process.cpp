// One Node.js process: see node_process.hpp. The order at the end is: the process has ended, what is left in its socket
// and pipes is read, what it started is killed, it is reaped, `on_end` is called.
#include "functions/node_process.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <utility>

namespace taskd {

using boost::system::error_code;
using taskcore::Result;

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
// So that a function that floods does not keep others from being read.
constexpr int kReadsPerTurn = 16;
constexpr int kLastReads = 64;
constexpr std::size_t kLongestMessage = 2 * 1024 * 1024;
constexpr std::size_t kLongestLine = 16 * 1024;

void set_non_blocking(boost::asio::posix::stream_descriptor& descriptor) {
  error_code ignored;
  descriptor.native_non_blocking(true, ignored);
}

std::string describe(const siginfo_t& info) {
  return info.si_code == CLD_EXITED ? "exit code " + std::to_string(info.si_status)
                                    : "signal " + std::to_string(info.si_status);
}

}  // namespace

Result<std::shared_ptr<NodeProcess>> NodeProcess::start(const boost::asio::any_io_executor& executor,
                                                        std::string_view program, Handlers handlers) {
  auto node = spawn_node(program);
  if (!node) return node.error();
  const std::shared_ptr<NodeProcess> process(new NodeProcess(executor, std::move(*node), std::move(handlers)));
  for (Source* source : {&process->channel_, &process->output_, &process->error_}) process->watch(*source);
  process->watch_end();
  return process;
}

NodeProcess::NodeProcess(const boost::asio::any_io_executor& executor, SpawnedNode node, Handlers handlers)
    : pid_(node.pid),
      lifeline_(std::move(node.lifeline)),
      channel_{Descriptor(executor, node.channel.release()), kLongestMessage},
      output_{Descriptor(executor, node.output.release()), kLongestLine},
      error_{Descriptor(executor, node.error.release()), kLongestLine},
      process_(executor, node.process.release()),
      handlers_(std::move(handlers)) {
  for (Source* source : {&channel_, &output_, &error_}) set_non_blocking(source->descriptor);
}

NodeProcess::~NodeProcess() {
  if (reaped_) return;
  kill();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void NodeProcess::kill() {
  if (!reaped_) ::kill(-pid_, SIGKILL);
}

void NodeProcess::close() {
  if (channel_.descriptor.is_open()) ::shutdown(channel_.descriptor.native_handle(), SHUT_WR);
}

void NodeProcess::send(const boost::json::object& message) {
  unsent_ += boost::json::serialize(message);
  unsent_ += '\n';
  if (!writing_) write();
}

void NodeProcess::write() {
  while (!unsent_.empty() && channel_.descriptor.is_open()) {
    const ssize_t size =
        ::send(channel_.descriptor.native_handle(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size >= 0) {
      unsent_.erase(0, static_cast<std::size_t>(size));
    } else if (errno == EAGAIN) {
      writing_ = true;
      channel_.descriptor.async_wait(Descriptor::wait_write, [self = shared_from_this()](error_code error) {
        self->writing_ = false;
        if (!error) self->write();
      });
      return;
    } else if (errno != EINTR) {
      unsent_.clear();  // It is ending, which watch_end() will see.
    }
  }
}

void NodeProcess::watch(Source& source) {
  source.descriptor.async_wait(Descriptor::wait_read, [self = shared_from_this(), &source](error_code error) {
    if (error || !source.descriptor.is_open()) return;
    if (self->read(source, kReadsPerTurn)) self->watch(source);
  });
}

/// Hands on what is there, and closes the descriptor at its end. Gives whether it is still open.
bool NodeProcess::read(Source& source, int most_reads) {
  char buffer[kReadBytes];
  for (int i = 0; i < most_reads; ++i) {
    const ssize_t size = ::read(source.descriptor.native_handle(), buffer, sizeof buffer);
    if (size > 0) {
      take(source, std::string_view(buffer, static_cast<std::size_t>(size)));
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
      if (!source.rest.empty()) take_line(source, std::exchange(source.rest, {}));
      error_code ignored;
      source.descriptor.close(ignored);
      if (&source == &channel_) kill();  // Nothing more can be asked of it.
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
  }
  return true;
}

void NodeProcess::take(Source& source, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    source.rest += bytes.substr(0, end);
    bytes = end == std::string_view::npos ? std::string_view{} : bytes.substr(end + 1);
    if (end != std::string_view::npos || source.rest.size() > source.longest) {
      take_line(source, std::exchange(source.rest, {}));
    }
  }
}

void NodeProcess::take_line(Source& source, std::string_view line) {
  if (&source == &channel_) return take_message(line);
  if (handlers_.on_line && !line.empty()) handlers_.on_line(&source == &error_ ? 2 : 1, line);
}

void NodeProcess::take_message(std::string_view line) {
  error_code error;
  const boost::json::value message = boost::json::parse(line, error);
  if (error || !message.is_object()) return kill();  // Something else writes to the socket.
  if (handlers_.on_message) handlers_.on_message(message.get_object());
}

void NodeProcess::watch_end() {
  process_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
    if (!error) self->reap();
  });
}

void NodeProcess::reap() {
  for (Source* source : {&channel_, &output_, &error_}) {
    error_code ignored;
    if (source->descriptor.is_open() && read(*source, kLastReads)) source->descriptor.close(ignored);
  }
  kill();  // What it has started; its own id is still taken.
  siginfo_t info{};
  const int result = ::waitid(P_PIDFD, static_cast<id_t>(process_.native_handle()), &info, WEXITED | WNOHANG);
  if (result == 0 && info.si_pid == 0) return watch_end();
  if (result != 0 && errno == EINTR) return watch_end();
  reaped_ = true;
  error_code ignored;
  process_.close(ignored);
  const Handlers handlers = std::exchange(handlers_, {});
  if (handlers.on_end) handlers.on_end(result == 0 ? describe(info) : "an unknown end");
}

}  // namespace taskd
