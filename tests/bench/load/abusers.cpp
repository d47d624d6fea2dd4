#include "load/abusers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

constexpr std::size_t kOpen = 200;

const std::array<std::string, 7> kAbuse{
    "GET /livez HT",
    "POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{",
    "POST /api/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /livez HTTP/1.1\r\nHost: x\r\nX: " + std::string(30'000, 'a') + "\r\n\r\n",
    std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
    "GET /api/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\n\r\n",
};

int open_connection(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    throw std::runtime_error("an abuser cannot connect");
  }
  return fd;
}

}  // namespace

Abusers::Abusers(std::uint16_t port, std::size_t idle) : port_(port) {
  for (std::size_t i = 0; i < idle; ++i) idle_.push_back(open_connection(port));
  thread_ = std::thread([this] { abuse(); });
}

Abusers::~Abusers() {
  stop_ = true;
  thread_.join();
  for (const int fd : idle_) ::close(fd);
  for (const int fd : open_) ::close(fd);
}

void Abusers::abuse() {
  for (std::size_t i = 0; !stop_; ++i) {
    const std::string& bytes = kAbuse[i % kAbuse.size()];
    open_.push_back(open_connection(port_));
    (void)::send(open_.back(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (open_.size() > kOpen) {
      ::close(open_.front());
      open_.pop_front();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace bench
