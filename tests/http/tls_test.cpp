// HTTPS: what is spoken and what is not, certificates that change while clients come, and how it goes wrong.
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "http/taskd_process.hpp"
#include "http/test_listener.hpp"
#include "http/tls_certificate.hpp"
#include "http/tls_client.hpp"
#include "net/test_server.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using std::chrono::milliseconds;

namespace {

/// A certificate and its key in files, to be exchanged.
class Files {
 public:
  explicit Files(int days = 1) { renew(days); }

  void renew(int days = 1) { write(ca_.server_pem("DNS:localhost", days)); }
  void write(const net_test::TestCa::Pem& pem) {
    dir_.write("cert.pem", pem.certificate);
    dir_.write("key.pem", pem.key);
    ::chmod(key().c_str(), 0600);
  }
  std::string certificate() const { return dir_.file("cert.pem"); }
  std::string key() const { return dir_.file("key.pem"); }
  net_test::TestCa::Pem other() const { return ca_.server_pem("DNS:localhost"); }
  const TempDir& dir() const { return dir_; }

 private:
  TempDir dir_{};
  net_test::TestCa ca_{};
};

HttpOptions options_of(const Files& files) {
  HttpOptions options;
  options.tls = TlsCertificate::open(files.certificate(), files.key()).value();
  return options;
}

std::string mistake(const Files& files) {
  const auto opened = TlsCertificate::open(files.certificate(), files.key());
  return opened ? "none" : opened.error().detail;
}

std::uint16_t tls_port(TaskdProcess& taskd) {
  const std::string key = "listens on https://127.0.0.1:";
  const std::string& text = taskd.read_until("\nA token secret");
  return static_cast<std::uint16_t>(std::stoi(text.substr(text.find(key) + key.size())));
}

std::map<std::string, std::string> settings_of(const Files& files) {
  return {{"TASK_TLS_CERT", files.certificate()}, {"TASK_TLS_KEY", files.key()}};
}

}  // namespace

TEST_CASE("a client over TLS is answered as one without", "[tls]") {
  const Files files;
  TestListener server(options_of(files));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), {.highest = version});
    REQUIRE(client.connected());
    CHECK(client.version() == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"));
    REQUIRE(client.send(get("/a") + get("/b")));
    const auto first = client.receive();
    REQUIRE(first);
    CHECK(first->body == "GET /a ");
    CHECK(first->headers.at("strict-transport-security") == "max-age=31536000");
    CHECK(client.receive()->body == "GET /b ");
  }
}

TEST_CASE("bodies of any size go both ways over TLS", "[tls]") {
  const Files files;
  auto options = options_of(files);
  options.limits.body = 8 * 1024 * 1024;
  TestListener server(options);
  TlsClient client(server.port());
  for (const std::size_t size : {1UL, 16'384UL, 100'000UL, 4'000'001UL}) {
    const std::string body(size, 'x');
    // The answer is sent while nobody reads it: the socket fills up on the way.
    REQUIRE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body));
    const auto response = client.receive();
    REQUIRE(response);
    CHECK(response->body == "POST / " + body);
  }
}

TEST_CASE("the last response ends TLS before the connection", "[tls]") {
  const Files files;
  TestListener server(options_of(files));
  TlsClient client(server.port());
  REQUIRE(client.send(get("/", "Connection: close\r\n")));
  CHECK(client.receive()->status == 200);
  CHECK(client.closed());
  CHECK(client.was_told_of_end());
}

TEST_CASE("old versions, old ciphers, other protocols and renegotiation are refused", "[tls]") {
  const Files files;
  TestListener server(options_of(files));
  CHECK_FALSE(TlsClient(server.port(), {.highest = TLS1_1_VERSION}).connected());
  CHECK_FALSE(TlsClient(server.port(), {.highest = TLS1_VERSION}).connected());
  CHECK_FALSE(TlsClient(server.port(), {.protocols = "\x02h2"}).connected());
  CHECK(TlsClient(server.port(), {.protocols = "\x02h2\x08http/1.1"}).protocol() == "http/1.1");
  TlsClient client(server.port(), {.highest = TLS1_2_VERSION});
  CHECK(client.cipher().starts_with("ECDHE-"));
  CHECK_FALSE(client.renegotiate());
}

TEST_CASE("HTTP on the port of HTTPS is told so, and garbage is closed", "[tls]") {
  const Files files;
  TestListener server(options_of(files));
  RawClient plain(server.port());
  REQUIRE(plain.send(get("/")));
  const auto response = plain.receive();
  REQUIRE(response);
  CHECK(response->status == 400);
  CHECK(response->body.find("HTTPS") != std::string::npos);
  plain.finish();
  CHECK(plain.closed());

  RawClient garbage(server.port());
  REQUIRE(garbage.send(std::string(64, '\xff')));
  CHECK_FALSE(garbage.receive().has_value());  // an alert, at most, and the end
}

TEST_CASE("a handshake that does not come to its end is dropped, by a deadline and by a drain", "[tls]") {
  const Files files;
  auto options = options_of(files);
  options.handshake_timeout = milliseconds(60);
  TestListener quick(options);
  RawClient silent(quick.port());
  CHECK(silent.closed());
  RawClient half(quick.port());
  REQUIRE(half.send(std::string("\x16\x03\x01\x02\x00\x01", 6)));
  CHECK(half.closed());

  TestListener patient(options_of(files));
  RawClient waiting(patient.port());
  patient.drain(std::chrono::hours(1)).wait();
  CHECK(waiting.closed());
}

TEST_CASE("a slow request over TLS is told 408, and an idle connection closed", "[tls]") {
  const Files files;
  auto options = options_of(files);
  options.head_timeout = options.idle_timeout = milliseconds(60);
  TestListener server(options);
  TlsClient slow(server.port());
  REQUIRE(slow.send("GET / HT"));
  CHECK(slow.receive()->status == 408);
  TlsClient idle(server.port());
  CHECK(idle.closed());
  CHECK(idle.was_told_of_end());
}

TEST_CASE("a client that does not read its response over TLS is dropped", "[tls]") {
  const Files files;
  auto options = options_of(files);
  options.write_timeout = milliseconds(60);
  TestListener server(options, [](std::shared_ptr<Request>, Reply reply) {
    Response response;
    response.body.assign(64 * 1024 * 1024, 'x');
    reply(std::move(response));
  });
  TlsClient client(server.port());
  REQUIRE(client.send(get("/")));
  REQUIRE_FALSE(client.quiet(std::chrono::seconds(10)));
  server.drain(std::chrono::hours(1)).wait();
  CHECK(server.listener().connections() == 0);
}

TEST_CASE("beyond the cap a client over TLS is told 503", "[tls]") {
  const Files files;
  auto options = options_of(files);
  options.max_connections_per_address = 1;
  TestListener server(options);
  TlsClient first(server.port());
  REQUIRE(first.send(get("/")));
  CHECK(first.receive()->status == 200);
  TlsClient extra(server.port());
  CHECK(extra.receive()->status == 503);
}

TEST_CASE("a new certificate is for new connections, and loads no old one off", "[tls]") {
  Files files;
  const auto options = options_of(files);
  TestListener server(options, echo, 2);
  std::atomic<bool> over{false};
  std::atomic<int> served{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      while (!over) {
        TlsClient client(server.port());
        const bool good = client.connected() && client.send(get("/")) && client.receive().has_value();
        ++(good ? served : failed);
      }
    });
  }
  TlsClient old(server.port());
  const long before = old.serial();
  for (int i = 0; i < 20; ++i) {
    files.renew();
    CHECK(options.tls->reload().has_value());
    CHECK(TlsClient(server.port()).serial() > before);
    for (const int seen = served; served < seen + 3 && failed == 0;) std::this_thread::yield();
  }
  REQUIRE(old.send(get("/old")));
  CHECK(old.receive()->body == "GET /old ");
  over = true;
  for (auto& client : clients) client.join();
  CHECK(failed.load() == 0);
}

TEST_CASE("files that are of no use are named with their setting", "[tls]") {
  Files files;
  const std::string certificate = "TASK_TLS_CERT: " + files.certificate() + ": ";
  const std::string key = "TASK_TLS_KEY: " + files.key() + ": ";
  const auto good = files.other();

  files.write({good.certificate, files.other().key});
  CHECK(mistake(files) == key + "is not the key of the certificate in " + files.certificate());
  files.write({"nothing", good.key});
  CHECK(mistake(files) == certificate + "holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
  files.write({good.certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", good.key});
  CHECK(mistake(files) == certificate + "holds a damaged certificate behind the first");
  files.write({good.certificate, good.certificate});
  CHECK(mistake(files) == key + "holds no PEM private key without a password (-----BEGIN PRIVATE KEY-----)");
  files.write(good);
  ::chmod(files.key().c_str(), 0644);
  CHECK(mistake(files) == key + "can be read by everyone; chmod o-r it");
  std::filesystem::remove(files.key());
  CHECK(mistake(files).starts_with(key + "cannot be read: "));
  files.write({good.certificate + files.other().certificate, good.key});
  CHECK(mistake(files) == "none");
}

TEST_CASE("the dates of a certificate are told when they matter", "[tls]") {
  using namespace std::chrono_literals;
  const Files files(98);  // good since two days ago: a hundred days
  const auto certificate = options_of(files).tls;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  CHECK(certificate->warning(now).empty());
  CHECK(certificate->warning(now + 83 * 24h).empty());
  const std::string& end = certificate->end();
  CHECK(certificate->warning(now + 85 * 24h) == "TASK_TLS_CERT: the certificate expires at " + end);
  CHECK(certificate->warning(now + 99 * 24h) == "TASK_TLS_CERT: the certificate has expired at " + end);
  CHECK(certificate->warning(now - 3 * 24h).starts_with("TASK_TLS_CERT: the certificate is good only from "));
}

TEST_CASE("taskd speaks HTTPS, takes a new certificate on SIGHUP, and keeps the old where the new is broken", "[tls]") {
  Files files;
  TempDir data;
  TaskdProcess taskd(data.path(), settings_of(files));
  const std::uint16_t port = tls_port(taskd);
  TlsClient client(port);
  REQUIRE(client.send(get("/readyz")));
  CHECK(client.receive()->status == 200);
  const long first = client.serial();

  files.renew();
  taskd.signal(SIGHUP);
  taskd.read_until("the certificate is read anew");
  const long second = TlsClient(port).serial();
  CHECK(second != first);

  files.dir().write("cert.pem", "broken");
  taskd.signal(SIGHUP);
  const std::string& text = taskd.read_until("stays in force");
  CHECK(text.find("TASK_TLS_CERT: " + files.certificate() + ": holds no PEM certificate") != std::string::npos);
  CHECK(TlsClient(port).serial() == second);

  REQUIRE(client.send(get("/readyz")));
  CHECK(client.receive()->status == 200);
  taskd.signal(SIGTERM);
  CHECK(taskd.exit_code() == 0);
}

TEST_CASE("an expired certificate is served with a warning", "[tls]") {
  const Files files(-1);
  TempDir data;
  TaskdProcess taskd(data.path(), settings_of(files));
  TlsClient client(tls_port(taskd));
  CHECK(client.connected());
  CHECK(taskd.read_until("has expired at ").find("TASK_TLS_CERT: the certificate") != std::string::npos);
}

TEST_CASE("a start with a certificate of no use is one line and exit code 2", "[tls]") {
  Files files;
  TempDir data;
  const auto refused = [&](const std::map<std::string, std::string>& settings) {
    TaskdProcess taskd(data.path(), settings);
    CHECK(taskd.exit_code() == 2);
    return taskd.read_until("");
  };
  CHECK(refused({{"TASK_TLS_CERT", files.certificate()}}) ==
        "taskd: TASK_TLS_KEY: certificate and key go together; set TASK_TLS_CERT and TASK_TLS_KEY, or neither\n");
  files.dir().write("key.pem", "broken");
  ::chmod(files.key().c_str(), 0600);
  CHECK(refused(settings_of(files)) ==
        "taskd: TASK_TLS_KEY: " + files.key() +
            ": holds no PEM private key without a password (-----BEGIN PRIVATE KEY-----)\n");
}
