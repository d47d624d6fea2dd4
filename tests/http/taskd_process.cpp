// taskd as a process: see taskd_process.hpp. TASKD_PATH is where the build has put it.
#include "http/taskd_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace taskd::testing {

TaskdProcess::TaskdProcess(const std::filesystem::path& dir, const std::map<std::string, std::string>& settings,
                           std::uint16_t port)
    : dir_(dir) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  out_ = ends[0];
  const std::string address = "127.0.0.1:" + std::to_string(port);
  pid_ = start({"taskd", "serve", "--data-dir", dir_.string(), "--listen", address}, settings, ends[1]);
  ::close(ends[1]);
}

TaskdProcess::~TaskdProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
}

pid_t TaskdProcess::start(const std::vector<std::string>& words, const std::map<std::string, std::string>& settings,
                          int output) {
  auto argument_texts = words;
  std::vector<std::string> variable_texts;
  if (settings.find("PATH") == settings.end()) variable_texts.push_back("PATH=" + std::string(::getenv("PATH")));
  for (const auto& [name, value] : settings) variable_texts.push_back(name + "=" + value);
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (auto& text : argument_texts) argv.push_back(text.data());
  for (auto& text : variable_texts) envp.push_back(text.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output, 1);
  ::posix_spawn_file_actions_adddup2(&actions, output, 2);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, TASKD_PATH, &actions, nullptr, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("taskd was not started");
  return pid;
}

const std::string& TaskdProcess::read_until(std::string_view word) {
  char chunk[4096];
  while (text_.find(word) == std::string::npos) {
    pollfd wait{out_, POLLIN, 0};
    if (::poll(&wait, 1, 30'000) <= 0) throw std::runtime_error("taskd says nothing for 30 s: " + text_);
    const ssize_t size = ::read(out_, chunk, sizeof chunk);
    if (size <= 0) break;
    text_.append(chunk, static_cast<std::size_t>(size));
  }
  return text_;
}

void TaskdProcess::log_in() {
  const std::string key = "listens on http://127.0.0.1:";
  read_until(key);
  const std::string& text = read_until("\nGet a token");
  const std::size_t at = text.find(key);
  if (at == std::string::npos) throw std::runtime_error("taskd did not start: " + text);
  port_ = static_cast<std::uint16_t>(std::stoi(text.substr(at + key.size())));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t pid =
      start({"taskd", "token", "--data-dir", dir_.string(), "--sub", "root", "--role", "admin"}, {}, ends[1]);
  ::close(ends[1]);
  char chunk[4096];
  for (ssize_t size = 0; (size = ::read(ends[0], chunk, sizeof chunk)) > 0;) {
    token_.append(chunk, static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  while (!token_.empty() && token_.back() == '\n') token_.pop_back();
}

RawResponse TaskdProcess::call(std::string_view method, std::string_view target, std::string_view body) {
  if (port_ == 0) log_in();
  RawClient client(port_);
  client.send(std::string(method) + " " + std::string(target) +
              " HTTP/1.1\r\nHost: x\r\nPrefer: wait=25\r\nContent-Type: application/json\r\nAuthorization: Bearer " +
              token_ + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  const auto response = client.receive();
  if (!response) throw std::runtime_error("no response");
  return *response;
}

std::string TaskdProcess::url() {
  if (port_ == 0) log_in();
  return "http://127.0.0.1:" + std::to_string(port_);
}

const std::string& TaskdProcess::token() {
  if (port_ == 0) log_in();
  return token_;
}

void TaskdProcess::signal(int number) const { ::kill(pid_, number); }

int TaskdProcess::exit_code() {
  read_until("\x01 never");
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace taskd::testing
