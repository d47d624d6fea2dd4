// The host's side of one supervised command. The order of events is: output comes and goes, the supervisor reports that
// no process is left, what is still in the pipes is read, the supervisor is reaped, `on_exit` is called.
//
// The supervisor's exit status is never asked for: a host may ignore SIGCHLD or reap every child itself. Its report, or
// the end of the control socket, is what counts.
#include "executors/child_process.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>

#include "executors/child_report.hpp"
#include "executors/child_spawn.hpp"
#include "executors/exec/protocol.hpp"

namespace taskcore {
namespace {

using boost::system::error_code;

constexpr std::size_t kReadBytes = 64 * 1024;
// So that one script that floods does not keep others from being read.
constexpr int kReadsPerTurn = 16;
// A pipe holds at most 1 MiB unless a process outside the tree keeps writing to it.
constexpr int kLastReads = 64;
// How much longer than the supervisor itself the host waits for processes that do not die.
constexpr Duration kPatience{5000};

}  // namespace

Result<std::shared_ptr<ChildProcess>> ChildProcess::start(boost::asio::any_io_executor executor, const ChildSpec& spec,
                                                          OutputHandler on_output, ExitHandler on_exit) {
  Result<SpawnedChild> child = spawn_child(spec);
  if (!child) return child.error();
  auto process = std::make_shared<ChildProcess>(Private{}, executor, spec, std::move(on_output), std::move(on_exit));
  if (const error_code error = process->adopt(*child)) {
    abandon_child(*child);
    return fail(Errc::overloaded, "cannot watch a script: " + error.message());
  }
  process->watch_output(process->out_);
  process->watch_output(process->err_);
  process->watch_control();
  return process;
}

ChildProcess::ChildProcess(Private, const boost::asio::any_io_executor& executor, const ChildSpec& spec,
                           OutputHandler on_output, ExitHandler on_exit)
    : grace_(bounded_grace(spec)),
      out_{Descriptor(executor), 1},
      err_{Descriptor(executor), 2},
      control_(executor),
      process_(executor),
      patience_(executor),
      on_output_(std::move(on_output)),
      on_exit_(std::move(on_exit)) {}

/// Takes the descriptors over, the control socket last: as long as it is the child's, the child can be abandoned.
error_code ChildProcess::adopt(SpawnedChild& child) {
  pid_ = child.pid;
  const auto take = [](Descriptor& descriptor, UniqueFd& fd) {
    error_code error;
    if (!fd) return error;
    descriptor.assign(fd.get(), error);
    if (!error) fd.release();
    return error;
  };
  error_code error = take(out_.descriptor, child.output);
  if (!error) out_.descriptor.native_non_blocking(true, error);
  if (!error) error = take(err_.descriptor, child.error);
  if (!error) err_.descriptor.native_non_blocking(true, error);
  if (!error) error = take(process_, child.process);
  if (!error) error = take(control_, child.control);
  return error;
}

// Closing the control socket makes the supervisor end what is left of the tree.
ChildProcess::~ChildProcess() = default;

void ChildProcess::terminate() {
  if (done_ || asked_to_end_) return;
  asked_to_end_ = true;
  send_control(exec::kTerminate);
  give_up_after(grace_ + Duration{exec::kGiveUpMs} + kPatience);
}

void ChildProcess::kill() {
  if (done_) return;
  asked_to_end_ = true;
  send_control(exec::kKill);
  give_up_after(Duration{exec::kGiveUpMs} + kPatience);
}

void ChildProcess::send_control(char command) {
  // A failure means that the supervisor has gone, which read_report() will see.
  ::send(control_.native_handle(), &command, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void ChildProcess::give_up_after(Duration wait) {
  patience_.expires_after(wait);
  patience_.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->done_) return;
    // The control socket is still open, so the supervisor lives and the pidfd is truly its own.
    if (self->process_.is_open()) ::syscall(SYS_pidfd_send_signal, self->process_.native_handle(), SIGKILL, nullptr, 0);
    ChildExit exit;
    exit.lost = true;
    self->supervisor_done(exit);
    self->finish();  // the supervisor may take any time to go
    self->reap_then_finish();
  });
}

void ChildProcess::watch_output(Output& output) {
  output.descriptor.async_wait(Descriptor::wait_read, [self = shared_from_this(), &output](error_code error) {
    if (error || !output.descriptor.is_open()) return;
    if (self->read_output(output, kReadsPerTurn)) self->watch_output(output);
  });
}

/// Hands on what is there, and closes the descriptor at its end. Returns whether it is still open.
bool ChildProcess::read_output(Output& output, int most_reads) {
  char buffer[kReadBytes];
  for (int i = 0; i < most_reads; ++i) {
    const ssize_t size = ::read(output.descriptor.native_handle(), buffer, sizeof buffer);
    if (size > 0) {
      on_output_(output.stream, std::string_view(buffer, static_cast<std::size_t>(size)));
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
      error_code ignored;
      output.descriptor.close(ignored);
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
  }
  return true;
}

void ChildProcess::watch_control() {
  control_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
    if (!error && !self->done_) self->read_report();
  });
}

void ChildProcess::read_report() {
  char buffer[512];
  const ssize_t size = ::recv(control_.native_handle(), buffer, sizeof buffer, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return watch_control();
  const std::string_view line(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
  ChildExit lost;
  lost.lost = true;
  supervisor_done(parse_child_report(line).value_or(lost));
  reap_then_finish();
}

/// No process of the tree is left (or none that anything can be done about): what it wrote is in the pipes, so nothing
/// is waited for, even if a stranger has got hold of the writing ends.
void ChildProcess::supervisor_done(const ChildExit& exit) {
  done_ = true;
  exit_ = exit;
  patience_.cancel();
  error_code ignored;
  for (Output* output : {&out_, &err_}) {
    if (output->descriptor.is_open() && read_output(*output, kLastReads)) output->descriptor.close(ignored);
  }
  control_.close(ignored);
}

void ChildProcess::reap_then_finish() {
  siginfo_t info{};
  const bool open = process_.is_open();
  if (open) {
    const int result = ::waitid(P_PIDFD, static_cast<id_t>(process_.native_handle()), &info, WEXITED | WNOHANG);
    const bool still_there = result == 0 && info.si_pid == 0;
    if (still_there || (result != 0 && errno == EINTR)) {
      process_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
        if (!error) self->reap_then_finish();
      });
      return;
    }
    error_code ignored;
    process_.close(ignored);
  }
  finish();
}

void ChildProcess::finish() {
  const ExitHandler on_exit = std::exchange(on_exit_, nullptr);
  on_output_ = nullptr;
  if (on_exit) on_exit(exit_);
}

}  // namespace taskcore
