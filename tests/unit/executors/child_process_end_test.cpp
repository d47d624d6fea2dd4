// Ending a command: its whole tree goes with it, whoever asks and whatever the processes have done to escape.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <string>

#include "executors/child_process.hpp"
#include "executors/unique_fd.hpp"
#include "support/catch.hpp"
#include "unit/executors/child_harness.hpp"

namespace taskcore {
namespace {

// Prints four process ids: itself, a child, one in a session of its own that ignores SIGTERM, and that one's child,
// which does too. Only a signal ends any of them.
const char* const kStubbornTree =
    "setsid sh -c 'trap \"\" TERM; sh -c \"echo \\$\\$; exec sleep 100000\" & echo $$; wait' & "
    "sh -c 'echo $$; exec sleep 100000' & echo $$; wait; wait";
constexpr std::size_t kTreeSize = 4;

/// What a test needs to see of a tree: how its run ended, and its processes, watched while they still lived.
struct EndedTree {
  ChildRun run{};
  std::vector<WatchedProcess> processes{};
};

/// Runs `spec`, and once `size` process ids have been printed lets `end` do what it likes.
EndedTree run_tree(const ChildSpec& spec, std::size_t size, std::function<void(ChildRun&)> end) {
  EndedTree result;
  result.run = run_to_end(spec, [&](ChildRun& run) {
    if (!result.processes.empty() || line_count(run.out) < size) return;
    result.processes = watch_all(run.out);
    end(run);
  });
  return result;
}

/// Another process that runs `spec` as a host does, and is killed.
class Host {
 public:
  /// With `leave_copy`, a forked copy of the host, with all its descriptors, outlives it (as long as this object).
  Host(const ChildSpec& spec, bool leave_copy) {
    int output[2];
    int leash[2];
    REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
    REQUIRE(::pipe2(leash, O_CLOEXEC) == 0);
    output_.reset(output[0]);
    leash_.reset(leash[1]);
    const UniqueFd theirs(output[1]);
    const UniqueFd leash_end(leash[0]);
    pid_ = ::fork();
    if (pid_ != 0) return;
    leash_.reset();
    live(spec, theirs, leave_copy ? leash_end.get() : -1);
    ::_exit(0);
  }

  /// What the command prints, up to `count` lines.
  std::string read_lines(std::size_t count) const {
    std::string text;
    char buffer[256];
    while (line_count(text) < count) {
      const ssize_t size = ::read(output_.get(), buffer, sizeof buffer);
      if (size <= 0) break;
      text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
  }

  void die() const {
    ::kill(pid_, SIGKILL);
    REQUIRE(::waitpid(pid_, nullptr, 0) == pid_);
  }

 private:
  static void live(const ChildSpec& spec, const UniqueFd& output, int leash) {
    boost::asio::io_context io(1);
    const auto run = start_run(io, spec, [&](ChildRun& seen) {
      const bool complete = line_count(seen.out) == kTreeSize;
      if (complete && ::write(output.get(), seen.out.data(), seen.out.size()) < 0) ::_exit(1);
    });
    if (leash >= 0 && ::fork() == 0) {
      char none = 0;
      ::_exit(static_cast<int>(::read(leash, &none, 1)));
    }
    io.run();
  }

  pid_t pid_ = -1;
  UniqueFd output_{};
  UniqueFd leash_{};
};

}  // namespace

TEST_CASE("terminate ends the whole tree, the stubborn part by force", "[child_process]") {
  ChildSpec spec = shell(kStubbornTree);
  spec.kill_grace = Duration{100};
  const EndedTree tree = run_tree(spec, kTreeSize, [](ChildRun& run) {
    run.process->terminate();
    run.process->terminate();
  });
  CHECK(tree.processes.size() == kTreeSize);
  CHECK(all_ended(tree.processes));
  CHECK(tree.run.exits == 1);
  CHECK(tree.run.exit.signal == SIGTERM);
  CHECK(tree.run.exit.left == 0);
  CHECK_FALSE(tree.run.exit.lost);
}

TEST_CASE("kill does not wait for the grace", "[child_process]") {
  ChildSpec spec = shell(std::string("trap '' TERM; ") + kStubbornTree);
  spec.kill_grace = Duration{3600 * 1000};
  const EndedTree at_once = run_tree(spec, kTreeSize, [](ChildRun& run) { run.process->kill(); });
  CHECK(all_ended(at_once.processes));
  CHECK(at_once.run.exit.signal == SIGKILL);
  const EndedTree after_all = run_tree(spec, kTreeSize, [](ChildRun& run) {
    run.process->terminate();
    run.process->kill();
  });
  CHECK(all_ended(after_all.processes));
  CHECK(after_all.run.exit.signal == SIGKILL);
}

TEST_CASE("a script that heeds SIGTERM has its say", "[child_process]") {
  ChildSpec spec = shell("trap 'echo bye; exit 9' TERM; echo $$; while :; do sleep 1000 & wait; done");
  spec.kill_grace = Duration{kPatienceMs};
  const EndedTree tree = run_tree(spec, 1, [](ChildRun& run) { run.process->terminate(); });
  CHECK(tree.run.exit.exit_code == 9);
  CHECK(tree.run.out.ends_with("bye\n"));
}

TEST_CASE("SIGTERM is sent once, so that cleaning up is not disturbed", "[child_process]") {
  // The child outlives the main process, and stays on for a while in which a second signal would come.
  ChildSpec spec = shell(
      "main=$$; (trap 'trap \"echo AGAIN >&2\" TERM; echo TERM >&2; while kill -0 $main 2>/dev/null; do :; done; "
      "for i in 1 2 3 4 5 6 7 8; do /bin/true; done; exit' TERM; echo ready; while :; do sleep 100000 & wait; done) & "
      "wait");
  spec.kill_grace = Duration{kPatienceMs};
  const ChildRun run = run_to_end(spec, [](ChildRun& seen) {
    if (seen.err.empty()) seen.process->terminate();
  });
  CHECK(run.err == "TERM\n");
  CHECK(run.exit.signal == SIGTERM);
}

TEST_CASE("a stopped script can be terminated", "[child_process]") {
  ChildSpec spec = shell("trap 'exit 9' TERM; echo $$; kill -STOP $$; while :; do :; done");
  spec.kill_grace = Duration{kPatienceMs};
  const EndedTree tree = run_tree(spec, 1, [](ChildRun& run) { run.process->terminate(); });
  CHECK(tree.run.exit.exit_code == 9);
}

TEST_CASE("what a script leaves behind ends with it", "[child_process]") {
  // The first survives SIGTERM and tells of it on the script's output, which both keep open as descriptor 3.
  ChildSpec spec = shell(
      "exec 3>&1; "
      "one=$(setsid sh -c 'trap \"echo TERM >&3\" TERM; echo $$; exec >&-; while :; do sleep 100000 & wait; done' &); "
      "two=$( (setsid sh -c 'echo $$; exec sleep 100000 >&-' &) ); "
      "echo $one; echo $two; exit 4");
  spec.kill_grace = Duration{200};
  const EndedTree tree = run_tree(spec, 2, [](ChildRun&) {});
  CHECK(tree.processes.size() == 2);
  CHECK(all_ended(tree.processes));
  CHECK(tree.run.exit.exit_code == 4);
  CHECK(tree.run.out.ends_with("TERM\n"));
  CHECK(tree.run.exit.left == 0);
}

TEST_CASE("the host's death ends the tree", "[child_process]") {
  const bool copy = GENERATE(false, true);
  ChildSpec spec = shell(kStubbornTree);
  spec.kill_grace = Duration{50};
  const Host host(spec, copy);
  const std::vector<WatchedProcess> processes = watch_all(host.read_lines(kTreeSize));
  CHECK(processes.size() == kTreeSize);
  host.die();
  CHECK(all_ended(processes, kPatienceMs));
}

TEST_CASE("destroying the execution context ends the tree", "[child_process]") {
  ChildSpec spec = shell(kStubbornTree);
  spec.kill_grace = Duration{50};
  const int descriptors = open_descriptors();
  std::vector<WatchedProcess> processes;
  pid_t supervisor = 0;
  {
    boost::asio::io_context io(1);
    const auto run = start_run(io, spec, [&](ChildRun& seen) {
      if (!processes.empty() || line_count(seen.out) < kTreeSize) return;
      processes = watch_all(seen.out);
      io.stop();
    });
    supervisor = run->process->pid();
    io.run();
    run->process.reset();
  }
  CHECK(all_ended(processes, kPatienceMs));
  CHECK(::waitpid(supervisor, nullptr, 0) == supervisor);
  processes.clear();
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE("a supervisor that is killed takes the script along, and the run is lost", "[child_process]") {
  const EndedTree tree =
      run_tree(shell("echo $$; exec sleep 100000"), 1, [](ChildRun& run) { ::kill(run.process->pid(), SIGKILL); });
  CHECK(tree.run.exit.lost);
  CHECK(tree.run.exits == 1);
  CHECK(all_ended(tree.processes, kPatienceMs));
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("a supervisor that is asked to end does so in order", "[child_process]") {
  const EndedTree tree = run_tree(shell("trap 'exit 3' TERM; echo $$; while :; do sleep 1000 & wait; done"), 1,
                                  [](ChildRun& run) { ::kill(run.process->pid(), SIGTERM); });
  CHECK(tree.run.exit.exit_code == 3);
  CHECK_FALSE(tree.run.exit.lost);
}

TEST_CASE("kill 0 in a script reaches neither supervisor nor host", "[child_process]") {
  const ChildRun run = run_to_end(shell("kill -TERM 0"));
  CHECK(run.exit.signal == SIGTERM);
  CHECK_FALSE(run.exit.lost);
}

TEST_CASE("a script that forks without end is ended", "[child_process]") {
  ChildSpec spec = shell("echo $$; while :; do (setsid sleep 1000 &) ; done");
  spec.kill_grace = Duration{0};
  const EndedTree tree = run_tree(spec, 1, [](ChildRun& run) { run.process->terminate(); });
  CHECK(all_ended(tree.processes));
  CHECK(tree.run.exit.left == 0);
}

TEST_CASE("output ends with the tree although a stranger holds the pipe", "[child_process]") {
  boost::asio::io_context io(1);
  UniqueFd stolen;
  const auto run = start_run(io, shell("echo $$; while :; do sleep 1000 & wait; done"), [&](ChildRun& seen) {
    if (stolen || line_count(seen.out) < 1) return;
    const std::string path = "/proc/" + std::to_string(std::stoi(seen.out)) + "/fd/1";
    stolen.reset(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    seen.process->terminate();
  });
  io.run();
  CHECK(stolen);
  CHECK(run->exits == 1);
  CHECK(run->exit.signal == SIGTERM);
}

}  // namespace taskcore
