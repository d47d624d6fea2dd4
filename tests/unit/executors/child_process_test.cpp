// Starting a command: what it is given, what comes back, what happens when it cannot be started.
#include "executors/child_process.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <string>

#include "executors/line_splitter.hpp"
#include "executors/unique_fd.hpp"
#include "support/catch.hpp"
#include "unit/executors/child_harness.hpp"

namespace taskcore {
namespace {

/// Puts a signal's disposition back at the end of a test.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal), old_(::signal(signal, handler)) {}
  ~Disposition() { ::signal(signal_, old_); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  int signal_;
  void (*old_)(int);
};

// Sanitizers keep freed memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kGrowthKb = 512 * 1024;
#else
constexpr long kGrowthKb = 4 * 1024;
#endif

long resident_kb() {
  std::ifstream status("/proc/self/statm");
  long total = 0;
  long resident = 0;
  status >> total >> resident;
  return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace

TEST_CASE("both streams come through, and the exit code", "[child_process]") {
  const ChildRun run = run_to_end(shell("echo out; echo err >&2; exit 7"));
  CHECK(run.out == "out\n");
  CHECK(run.err == "err\n");
  CHECK(run.exits == 1);
  CHECK(run.exit.exit_code == 7);
  CHECK(run.exit.signal == 0);
  CHECK(run.exit.exec_errno == 0);
  CHECK_FALSE(run.exit.lost);
  CHECK(run.exit.left == 0);
  CHECK(run.exit.max_rss_kb > 0);
  CHECK(run.exit.cpu_us > 0);
}

TEST_CASE("a command ended by a signal says so", "[child_process]") {
  const ChildRun run = run_to_end(shell("kill -USR1 $$"));
  CHECK(run.exit.exit_code == -1);
  CHECK(run.exit.signal == SIGUSR1);
  CHECK_FALSE(run.exit.lost);
}

TEST_CASE("a command that cannot be executed gives its errno", "[child_process]") {
  for (const char* name : {"/no/such/program", "no-such-program"}) {
    const ChildRun run = run_to_end(command(name));
    CHECK(run.exit.exec_errno == ENOENT);
    CHECK_FALSE(run.exit.cwd_failed);
    CHECK(run.exit.exit_code == -1);
    CHECK(run.exits == 1);
  }
  CHECK(run_to_end(command("/etc/passwd")).exit.exec_errno == EACCES);
  CHECK(run_to_end(command("/tmp")).exit.exec_errno == EACCES);
}

TEST_CASE("a working directory that cannot be entered is told apart", "[child_process]") {
  ChildSpec spec = command("/bin/pwd");
  spec.cwd = "/no/such/directory";
  const ChildRun failed = run_to_end(spec);
  CHECK(failed.exit.exec_errno == ENOENT);
  CHECK(failed.exit.cwd_failed);
  CHECK(failed.out.empty());
  spec.cwd = "/usr/bin";
  CHECK(run_to_end(spec).out == "/usr/bin\n");
}

TEST_CASE("a name is looked up in the PATH of the command, not of the host", "[child_process]") {
  ChildSpec spec = command("sh", {"-c", "echo $0"});
  CHECK(run_to_end(spec).out == "sh\n");
  spec.env = {{"PATH", "/no/such/directory:/bin"}};
  CHECK(run_to_end(spec).exit.exit_code == 0);
  spec.env = {{"PATH", "/etc:/no/such/directory"}};
  CHECK(run_to_end(spec).exit.exec_errno == ENOENT);
  spec.env = {};
  CHECK(run_to_end(spec).exit.exit_code == 0);
}

TEST_CASE("a script without a first line is run by the shell", "[child_process]") {
  char path[] = "/tmp/taskcore-script-XXXXXX";
  const int fd = ::mkstemp(path);
  REQUIRE(::write(fd, "echo \"$1-$2\"\n", 13) == 13);
  ::fchmod(fd, 0700);
  ::close(fd);
  CHECK(run_to_end(command(path, {"a", "b c"})).out == "a-b c\n");
  ::unlink(path);
}

TEST_CASE("arguments and environment arrive exactly as given", "[child_process]") {
  ChildSpec spec = command("/usr/bin/printf", {"[%s]", "", "two words", "*", "--", "$HOME", "line\nbreak", "\xFF"});
  CHECK(run_to_end(spec).out == "[][two words][*][--][$HOME][line\nbreak][\xFF]");
  spec = command("/usr/bin/env");
  spec.env = {{"B", "2"}, {"A", "x y=z"}, {"EMPTY", ""}};
  CHECK(run_to_end(spec).out == "B=2\nA=x y=z\nEMPTY=\n");
  spec.env = {};
  CHECK(run_to_end(spec).out.empty());
}

TEST_CASE("standard input is what the spec says, and empty without", "[child_process]") {
  CHECK(run_to_end(command("/bin/cat")).out.empty());
  ChildSpec spec = command("/bin/cat");
  spec.stdin_data = std::string("a\0b", 3) + std::string(300000, 'x');
  CHECK(run_to_end(spec).out == spec.stdin_data);
  spec.command = "/bin/true";  // does not read it
  CHECK(run_to_end(spec).exit.exit_code == 0);
}

TEST_CASE("nothing of the host's is inherited: descriptors, signals, session", "[child_process]") {
  const UniqueFd open_in_host(::dup2(2, 57));  // without close-on-exec
  const Disposition ignored(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const ChildRun descriptors = run_to_end(command("/bin/ls", {"/proc/self/fd"}));
  const ChildRun signals = run_to_end(command("/bin/grep", {"-E", "Sig(Blk|Ign)", "/proc/self/status"}));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(descriptors.out == "0\n1\n2\n3\n");  // the last is the directory that ls reads
  // Beyond the standard signals, posix_spawn ignores the two that the C library keeps for itself.
  CHECK(signals.out.starts_with("SigBlk:\t0000000000000000\nSigIgn:\t"));
  CHECK((std::stoull(signals.out.substr(signals.out.rfind('\t')), nullptr, 16) & 0x7FFFFFFFu) == 0);
  const std::string session = run_to_end(shell("cut -d' ' -f1,5,6 /proc/$$/stat")).out;
  const std::string pid = session.substr(0, session.find(' '));
  CHECK(session == pid + ' ' + pid + ' ' + pid + '\n');
}

TEST_CASE("limits reach the command", "[child_process]") {
  ChildSpec spec = shell("ulimit -t; ulimit -v; ulimit -n");
  spec.cpu_seconds = 33;
  spec.memory_bytes = std::uint64_t{512} * 1024 * 1024;
  spec.open_files = 64;
  CHECK(run_to_end(spec).out == "33\n524288\n64\n");
}

TEST_CASE("a start that is wrong or impossible is an error and leaves nothing behind", "[child_process]") {
  boost::asio::io_context io(1);
  start_run(io, command("/bin/true"));  // has the context open its own descriptors
  io.run();
  const int descriptors = open_descriptors();
  const auto error_of = [&io](const ChildSpec& spec) {
    const auto started = ChildProcess::start(
        io.get_executor(), spec, [](int, std::string_view) {}, [](const ChildExit&) { FAIL("called"); });
    REQUIRE_FALSE(started);
    return started.error().code;
  };
  CHECK(error_of(command("")) == Errc::invalid);
  CHECK(error_of(command(std::string("a\0b", 3))) == Errc::invalid);
  CHECK(error_of(command("/bin/true", {std::string(4 * 1024 * 1024, 'x')})) == Errc::invalid);
  ChildSpec no_supervisor = command("/bin/true");
  no_supervisor.supervisor_path = "/no/such/taskcore-exec";
  CHECK(error_of(no_supervisor) == Errc::unavailable);

  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit tight = before;
  for (tight.rlim_cur = 0; tight.rlim_cur < static_cast<rlim_t>(descriptors) + 12; ++tight.rlim_cur) {
    ::setrlimit(RLIMIT_NOFILE, &tight);
    const auto started = ChildProcess::start(
        io.get_executor(), command("/bin/true"), [](int, std::string_view) {}, [](const ChildExit&) {});
    if (!started) CHECK(started.error().code == Errc::overloaded);
    io.restart();
    io.run();
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE("a flood of output is read to its end in flat memory", "[child_process]") {
  constexpr std::size_t kBytes = 50 * 1024 * 1024;
  std::size_t kept = 0;
  std::uint64_t truncated = 0;
  std::size_t came = 0;
  OutputCapture capture(
      {}, [&kept](LogStream, std::string_view line) { kept += line.size() + 1; },
      [&truncated](std::uint64_t bytes) { truncated = bytes; });
  const long before = resident_kb();
  boost::asio::io_context io(1);
  ChildExit exit;
  const auto process = ChildProcess::start(
      io.get_executor(), shell("yes 0123456789 | head -c " + std::to_string(kBytes) + "; echo; echo '{\"ok\":true}'"),
      [&](int, std::string_view bytes) {
        came += bytes.size();
        capture.feed(LogStream::stdout_, bytes);
      },
      [&exit](const ChildExit& how) { exit = how; });
  REQUIRE(process);
  io.run();
  capture.finish();
  CHECK(resident_kb() - before < kGrowthKb);
  CHECK(exit.exit_code == 0);
  CHECK(came == kBytes + 13);
  CHECK(kept + truncated == came);
  CHECK(kept <= 1024 * 1024);
  CHECK(capture.last_line().value() == "{\"ok\":true}");
}

TEST_CASE("two hundred runs leave no descriptor and no zombie", "[child_process]") {
  boost::asio::io_context io(1);
  start_run(io, command("/bin/true"));  // has the context open its own descriptors
  io.run();
  io.restart();
  const int descriptors = open_descriptors();
  int started = 0;
  int ended = 0;
  std::function<void()> next = [&] {
    if (started == 200) return;
    const int number = started++;
    const auto process = ChildProcess::start(
        io.get_executor(), number % 10 == 0 ? command("/no/such/program") : shell("echo $$ >&2; exit 3"),
        [](int, std::string_view) {},
        [&, number](const ChildExit& exit) {
          CHECK(exit.exit_code == (number % 10 == 0 ? -1 : 3));
          ++ended;
          next();
        });
    REQUIRE(process);
  };
  for (int i = 0; i < 8; ++i) next();
  io.run();
  CHECK(ended == 200);
  CHECK(open_descriptors() == descriptors);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("a host that ignores SIGCHLD or reaps every child gets the exit code all the same", "[child_process]") {
  {
    const Disposition ignored(SIGCHLD, SIG_IGN);
    const ChildRun run = run_to_end(shell("exit 5"));
    CHECK(run.exit.exit_code == 5);
    CHECK_FALSE(run.exit.lost);
  }
  const Disposition reaping(SIGCHLD, [](int) {
    const int saved = errno;
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    errno = saved;
  });
  for (int i = 0; i < 20; ++i) CHECK(run_to_end(shell("exit 6")).exit.exit_code == 6);
}

}  // namespace taskcore
