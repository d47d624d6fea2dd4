// A server on the loopback whose answers a test writes by hand: whole, slow, broken, endless. Plain or over TLS.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace net_test {

/// What a client sent.
struct Request {
  std::string method;
  std::string target;
  std::string head;  ///< The lines up to the blank one.
  std::string body;

  /// The value of the first header of that name; empty when there is none.
  std::string header(const std::string& name) const;
};

/// The client, as a connection's script sees it.
class Peer {
 public:
  Peer(int socket, SSL* tls) : socket_(socket), tls_(tls) {}

  /// The next request; its method is empty when the client is gone.
  Request read();
  /// False when the client is gone.
  bool send(const std::string& bytes);
  /// A whole answer.
  bool answer(int status, const std::string& body, const std::string& headers = "");
  /// Waits until the client closes.
  void wait_closed();
  /// Ends the connection with a TCP reset.
  void reset();

 private:
  long receive(char* into, std::size_t size);
  int socket_;
  SSL* tls_;
  std::string left_{};
};

/// Keys and certificates of a CA of its own.
class TestCa {
 public:
  TestCa();
  ~TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;

  std::string pem() const;
  /// For a server of these names ("DNS:localhost,IP:127.0.0.1"), good until `days` from now.
  SSL_CTX* server_context(const std::string& names, int days = 1) const;

  struct Pem {
    std::string certificate;
    std::string key;
  };
  /// Likewise, as files have it.
  Pem server_pem(const std::string& names, int days = 1) const;

 private:
  X509* server_certificate(EVP_PKEY* key, const std::string& names, int days) const;

  EVP_PKEY* key_;
  X509* certificate_;
};

class TestServer {
 public:
  using Script = std::function<void(Peer&)>;

  /// `script` is run for each connection, on a thread of its own. Takes `tls`.
  explicit TestServer(Script script, SSL_CTX* tls = nullptr);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path = "/") const;
  int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int socket);

  Script script_;
  SSL_CTX* tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_{};
  std::vector<int> open_{};
  std::vector<std::thread> threads_{};
  std::thread acceptor_{};
};

}  // namespace net_test
