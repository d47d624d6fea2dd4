#include "load/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/measure.hpp"

namespace bench {
namespace {

/// Bytes of the answer at the front of `bytes`, or 0 while it is not whole.
std::size_t answer_size(const std::string& bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  std::size_t at = bytes.find("Content-Length: ");
  if (at == std::string::npos || at > head) at = bytes.find("content-length: ");
  const bool has_body = at != std::string::npos && at < head;
  const std::size_t body = has_body ? static_cast<std::size_t>(std::atol(bytes.c_str() + at + 16)) : 0;
  return bytes.size() >= head + 4 + body ? head + 4 + body : 0;
}

/// One blocking socket, with one request under way.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    }
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  SteadyTime sent_at() const { return sent_at_; }

  void send(const std::string& request) {
    sent_at_ = now();
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      throw std::runtime_error("a connection broke while sending");
    }
  }

  /// Reads what is there; the answer once it is whole.
  std::string receive() {
    char bytes[16384];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) throw std::runtime_error("a connection broke while receiving");
    received_.append(bytes, static_cast<std::size_t>(got));
    const std::size_t size = answer_size(received_);
    return size == 0 ? std::string() : std::exchange(received_, {});
  }

 private:
  int socket_;
  SteadyTime sent_at_{};
  std::string received_{};
};

void expect_status(const std::string& answer, int status) {
  if (std::atoi(answer.c_str() + 9) != status) throw std::runtime_error("unexpected answer: " + answer.substr(0, 600));
}

}  // namespace

LoadResult run_load(const Load& load) {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&poll, [](const int* fd) { ::close(*fd); });
  std::vector<std::unique_ptr<Connection>> connections;
  std::size_t sent = 0;
  const auto start = now();
  for (std::size_t i = 0; i < load.connections; ++i) {
    connections.push_back(std::make_unique<Connection>(load.port));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connections.back().get();
    ::epoll_ctl(poll, EPOLL_CTL_ADD, connections.back()->socket(), &event);
    connections.back()->send(load.request(sent++));
  }
  std::vector<double> latencies_us;
  std::vector<epoll_event> events(load.connections);
  while (latencies_us.size() < sent) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 10000);
    if (ready <= 0) throw std::runtime_error("no answer within 10 s");
    for (int i = 0; i < ready; ++i) {
      auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      const std::string answer = connection.receive();
      if (answer.empty()) continue;
      expect_status(answer, load.status);
      latencies_us.push_back(seconds_since(connection.sent_at()) * 1e6);
      if (sent < load.most && seconds_since(start) < load.seconds) connection.send(load.request(sent++));
    }
  }
  const double rate = static_cast<double>(latencies_us.size()) / seconds_since(start);
  return {rate, percentile(latencies_us, 0.5), percentile(latencies_us, 0.99)};
}

std::string exchange(std::uint16_t port, const std::string& request) {
  Connection connection(port);
  connection.send(request);
  for (;;) {
    if (std::string answer = connection.receive(); !answer.empty()) return answer;
  }
}

std::string http_request(const std::string& method, const std::string& target, const std::string& token,
                         const std::string& body) {
  std::string out = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!token.empty()) out += "Authorization: Bearer " + token + "\r\n";
  if (!body.empty()) out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return out + "\r\n" + body;
}

}  // namespace bench
