// systemd's side of the conversation: what taskd says to the socket that it is given, and to nobody else.
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>

#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;

namespace {

class NotifySocket {
 public:
  /// A path, or an abstract name after "@".
  explicit NotifySocket(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  }
  ~NotifySocket() { ::close(fd_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  /// The next message that begins so; others are passed over.
  std::string next(std::string_view start) {
    char text[4096];
    for (;;) {
      pollfd wait{fd_, POLLIN, 0};
      REQUIRE(::poll(&wait, 1, 30'000) == 1);
      const ssize_t size = ::recv(fd_, text, sizeof text, 0);
      REQUIRE(size > 0);
      const std::string_view message(text, static_cast<std::size_t>(size));
      if (message.starts_with(start)) return std::string(message);
    }
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("the manager hears of start, life, reload and stop", "[systemd]") {
  TempDir dir;
  const std::string path = dir.file("notify");
  NotifySocket manager(path);
  TaskdProcess taskd(dir.path() / "data", {{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "20000"}});
  CHECK(manager.next("READY=1\n").find("\nSTATUS=Listening on " + taskd.url()) != std::string::npos);
  for (int i = 0; i < 3; ++i) CHECK(manager.next("WATCHDOG") == "WATCHDOG=1");
  taskd.signal(SIGHUP);
  CHECK(manager.next("RELOADING=1\n").find("\nMONOTONIC_USEC=") != std::string::npos);
  manager.next("READY=1\n");
  taskd.signal(SIGTERM);
  // The grace of 30 seconds and some more.
  CHECK(manager.next("STOPPING=1\n").find("\nEXTEND_TIMEOUT_USEC=45000000\n") != std::string::npos);
  CHECK(taskd.exit_code() == 0);
}

TEST_CASE("an abstract socket of the manager is heard, and another process's watchdog is not fed", "[systemd]") {
  TempDir dir;
  const std::string name = "@taskcore-test-" + std::to_string(::getpid());
  NotifySocket manager(name);
  TaskdProcess taskd(dir.path(), {{"NOTIFY_SOCKET", name}, {"WATCHDOG_USEC", "2000"}, {"WATCHDOG_PID", "1"}});
  manager.next("READY=1\n");
  CHECK(taskd.call("GET", "/readyz").status == 200);
  taskd.signal(SIGTERM);
  CHECK(manager.next("").starts_with("STOPPING=1\n"));
  CHECK(taskd.exit_code() == 0);
}

TEST_CASE("scripts know nothing of the manager and leave no core dumps", "[systemd]") {
  TempDir dir;
  const std::string path = dir.file("notify");
  NotifySocket manager(path);
  TaskdProcess taskd(dir.path() / "data", {{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "60000000"}});
  const auto made = taskd.call("POST", "/api/tasks", R"({"id":"see","name":"S","type":"script",
    "config":{"command":"env; echo cores $(ulimit -c); tr '\\0' '\\n' < /proc/$PPID/environ; true","shell":true}})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  const auto run = taskd.call("POST", "/api/tasks/see/execute", "{}");
  INFO(run.body);
  REQUIRE(run.status == 200);
  const auto logs = taskd.call("GET", "/api/tasks/see/logs").body;
  INFO(logs);
  CHECK(logs.find("cores 0") != std::string::npos);
  CHECK(logs.find("NOTIFY_SOCKET") == std::string::npos);
  CHECK(logs.find("WATCHDOG") == std::string::npos);
}
