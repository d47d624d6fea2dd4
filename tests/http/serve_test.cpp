// taskd serve as a process of its own: how it starts, how it refuses to, how it stops.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "auth/jwt.hpp"
#include "cli/token.hpp"
#include "http/raw_client.hpp"
#include "serve.hpp"
#include "support/catch.hpp"
#include "support/signing_key.hpp"
#include "support/temp_dir.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

using test_support::TempDir;

Config config_in(const std::filesystem::path& dir, const std::string& listen = "127.0.0.1:0") {
  auto config =
      make_config({{"TASK_DATA_DIR", dir.string()}, {"TASK_LISTEN", listen}, {"TASK_SHUTDOWN_GRACE", "10000"}});
  REQUIRE(config.has_value());
  return *config;
}

/// A child process in `run_serve`, with its standard output and error in one pipe.
class Child {
 public:
  explicit Child(const Config& config) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::cout.flush();  // what the tests' runner has not written yet is not the child's to write
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], 1);
      ::dup2(ends[1], 2);
      ::close(ends[0]);
      ::close(ends[1]);
      const int code = run_serve(config, {});
      ::_exit(code);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads until `word` has come, or the output ends. Gives all of it.
  const std::string& read_until(const std::string& word) {
    char chunk[4096];
    while (text_.find(word) == std::string::npos) {
      const ssize_t size = ::read(out_, chunk, sizeof chunk);
      if (size <= 0) break;
      text_.append(chunk, static_cast<std::size_t>(size));
    }
    return text_;
  }

  std::uint16_t port() {
    const std::string& text = read_until("listens on http://127.0.0.1:");
    read_until("\n");
    const std::size_t at = text.find("127.0.0.1:");
    REQUIRE(at != std::string::npos);
    return static_cast<std::uint16_t>(std::stoi(text.substr(at + 10)));
  }

  void signal(int number) { ::kill(pid_, number); }

  int exit_code() {
    read_until("\x01 never");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::string text_;
};

std::string authorization(const Config& config) {
  auto secret = find_secret(config);
  REQUIRE(secret.has_value());
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const Jwt jwt(jwt_policy(config, std::move(secret->secret)));
  return "Authorization: Bearer " + jwt.sign({"root", Role::admin}, now, now + std::chrono::hours(1)) + "\r\n";
}

std::string post(std::string_view target, std::string_view headers, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("a first start tells where it is and how to get a token, and SIGTERM ends it with 0", "[serve]") {
  TempDir dir;
  const Config config = config_in(dir.path() / "new");
  Child child(config);
  RawClient client(child.port());
  REQUIRE(client.send(get("/readyz")));
  CHECK(client.receive()->status == 200);
  child.signal(SIGTERM);
  CHECK(child.exit_code() == 0);
  const std::string& text = child.read_until("");
  CHECK(text.find("taskd token --data-dir") != std::string::npos);
}

TEST_CASE("what was acknowledged is there after a restart", "[serve]") {
  TempDir dir;
  const Config config = config_in(dir.path());
  {
    Child child(config);
    RawClient client(child.port());
    REQUIRE(client.send(post("/api/tasks", authorization(config), R"({"id":"kept","name":"Kept"})")));
    CHECK(client.receive()->status == 201);
    child.signal(SIGKILL);
    CHECK(child.exit_code() == -SIGKILL);
  }
  Child child(config);
  RawClient client(child.port());
  REQUIRE(client.send(get("/api/tasks/kept", authorization(config))));
  CHECK(client.receive()->status == 200);
  child.signal(SIGINT);
  CHECK(child.exit_code() == 0);
}

TEST_CASE("a second process on the data directory, and a busy port, are refused in one line", "[serve]") {
  TempDir dir;
  TempDir other;
  Child first(config_in(dir.path()));
  const std::uint16_t port = first.port();
  for (const Config& config : {config_in(dir.path()), config_in(other.path(), "127.0.0.1:" + std::to_string(port))}) {
    Child second(config);
    CHECK(second.exit_code() == 1);
    const std::string text = second.read_until("");
    INFO(text);
    CHECK(text.rfind("taskd: ", 0) == 0);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  }
  RawClient client(port);
  REQUIRE(client.send(get("/readyz")));
  CHECK(client.receive()->status == 200);
}

TEST_CASE("with a public key its owner's tokens are good and no secret is made", "[serve]") {
  TempDir dir;
  Config config = config_in(dir.path() / "data");
  config.jwt_public_key = dir.write("key.pem", test_support::ec_key().public_pem());
  Child child(config);
  RawClient client(child.port());
  const std::string token = test_support::signed_token(test_support::ec_key(), Algorithm::es256, R"({"alg":"ES256"})",
                                                       R"({"sub":"a","role":"admin","exp":4000000000})");
  REQUIRE(client.send(get("/api/tasks", "Authorization: Bearer " + token + "\r\n")));
  CHECK(client.receive()->status == 200);
  REQUIRE(client.send(get("/api/tasks", authorization(config_in(dir.path() / "other")))));
  CHECK(client.receive()->status == 401);
  CHECK_FALSE(std::filesystem::exists(dir.path() / "data" / "jwt.secret"));
}

TEST_CASE("a weak key is refused in one line that names the setting", "[serve]") {
  TempDir dir;
  Config config = config_in(dir.path());
  config.jwt_public_key = dir.write("key.pem", test_support::SigningKey::rsa(1024).public_pem());
  Child child(config);
  CHECK(child.exit_code() == 2);
  CHECK(child.read_until("") ==
        "taskd: TASK_JWT_PUBLIC_KEY: " + dir.file("key.pem") + ": the RSA key has 1024 bits; it needs 2048 to 8192\n");
}

TEST_CASE("a control group that cannot be used is refused in one line that names the setting", "[serve]") {
  TempDir dir;
  Config config = config_in(dir.path());
  config.script_cgroup = dir.path().string();
  Child child(config);
  CHECK(child.exit_code() == 2);
  CHECK(child.read_until("") ==
        "taskd: TASK_SCRIPT_CGROUP: '" + dir.path().string() + "' is no absolute path below /sys/fs/cgroup\n");
}

TEST_CASE("a damaged database and an unusable data directory are refused in one line", "[serve]") {
  TempDir dir;
  std::filesystem::create_directories(dir.path() / "damaged");
  std::ofstream(dir.path() / "damaged" / "tasks.db") << std::string(8192, 'x');
  std::ofstream(dir.path() / "file") << "not a directory";
  for (const auto& place : {dir.path() / "damaged", dir.path() / "file", dir.path() / "file" / "below"}) {
    Child child(config_in(place));
    CHECK(child.exit_code() == 1);
    const std::string text = child.read_until("");
    INFO(text);
    CHECK(text.rfind("taskd: ", 0) == 0);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  }
}
