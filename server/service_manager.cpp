// systemd: see service_manager.hpp. Its protocol is one datagram for each word, so libsystemd is not needed.
#include "service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "auth/secret.hpp"
#include "config.hpp"

namespace taskd {

namespace {

std::string microseconds_text(std::chrono::microseconds time) { return std::to_string(time.count()); }

/// By which the manager tells this reload from one before.
std::chrono::microseconds monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::microseconds(now.tv_nsec / 1000);
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  ServiceManager out;
  std::string socket = take_environment("NOTIFY_SOCKET").value_or("");
  const auto wait = parse_whole(take_environment("WATCHDOG_USEC").value_or(""));
  const auto pid = take_environment("WATCHDOG_PID");
  if (socket.size() < 2 || socket.size() >= sizeof(sockaddr_un::sun_path)) return out;
  if (socket.front() == '@') socket.front() = '\0';
  out.socket_ = std::move(socket);
  out.file_ = File(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const bool is_ours = !pid || parse_whole(*pid) == ::getpid();
  if (wait && *wait >= 2 && is_ours) out.alive_every_ = std::chrono::microseconds(*wait / 2);
  return out;
}

void ServiceManager::tell(std::string_view text, int flags) const noexcept {
  if (!file_) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(socket_.begin(), socket_.end(), address.sun_path);
  // An abstract name ends where the length says, a path with a NUL.
  const std::size_t size = offsetof(sockaddr_un, sun_path) + socket_.size() + (socket_.front() == '\0' ? 0 : 1);
  ::sendto(file_.get(), text.data(), text.size(), flags | MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(size));
}

void ServiceManager::ready(const std::string& status) const { tell("READY=1\nSTATUS=" + status); }

void ServiceManager::reloading() const {
  tell("RELOADING=1\nMONOTONIC_USEC=" + microseconds_text(monotonic_now()) + "\nSTATUS=Reloading");
}

void ServiceManager::stopping(std::chrono::milliseconds time) const {
  tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + microseconds_text(time) + "\nSTATUS=Stopping");
}

void ServiceManager::alive() const noexcept { tell("WATCHDOG=1", MSG_DONTWAIT); }

}  // namespace taskd
