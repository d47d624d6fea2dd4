// See client_process.hpp. TASKD_PATH is where the build has put taskd.
#include "http/client_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace taskd::testing {

namespace {

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  std::array<int, 2> ends{-1, -1};  ///< To read from, to write to.
};

/// Closes it at its end.
void read_some(int& from, std::string& to) {
  std::array<char, 4096> chunk{};
  const ssize_t size = ::read(from, chunk.data(), chunk.size());
  if (size > 0) {
    to.append(chunk.data(), static_cast<std::size_t>(size));
    return;
  }
  ::close(from);
  from = -1;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

ClientProcess::ClientProcess(const std::vector<std::string>& words,
                             const std::map<std::string, std::string>& environment, std::string_view input) {
  std::vector<std::string> argument_texts{"taskd"};
  argument_texts.insert(argument_texts.end(), words.begin(), words.end());
  std::vector<std::string> variable_texts;
  for (const auto& [name, value] : environment) variable_texts.push_back(name + "=" + value);
  const Pipe in;
  const Pipe out;
  const Pipe err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  const int error = ::posix_spawn(&pid_, TASKD_PATH, &actions, nullptr, pointers(argument_texts).data(),
                                  pointers(variable_texts).data());
  ::posix_spawn_file_actions_destroy(&actions);
  const bool is_written = ::write(in.ends[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
  for (const int end : {in.ends[0], in.ends[1], out.ends[1], err.ends[1]}) ::close(end);
  out_ = out.ends[0];
  err_ = err.ends[0];
  if (error != 0 || !is_written) throw std::runtime_error("taskd was not started");
}

ClientProcess::~ClientProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int end : {out_, err_}) {
    if (end >= 0) ::close(end);
  }
}

bool ClientProcess::fill() {
  std::array<pollfd, 2> waits{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) return false;
  if (::poll(waits.data(), waits.size(), 30'000) <= 0) {
    throw std::runtime_error("the client says nothing for 30 s: " + told_.out + told_.err);
  }
  if (waits[0].revents != 0) read_some(out_, told_.out);
  if (waits[1].revents != 0) read_some(err_, told_.err);
  return true;
}

void ClientProcess::read_until(std::string_view word) {
  while (told_.out.find(word) == std::string::npos) {
    if (!fill()) throw std::runtime_error("the client has ended: " + told_.out + told_.err);
  }
}

void ClientProcess::signal(int number) const { ::kill(pid_, number); }

ClientProcess::Told ClientProcess::finish() {
  while (fill()) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  told_.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return told_;
}

}  // namespace taskd::testing
