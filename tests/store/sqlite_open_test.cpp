// Opening a SQLite store: whose file it is, what it must be, and what is said when it is not.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Error refusal(const std::string& path) {
  const auto opened = sqlite(path)->open();
  REQUIRE(opened.has_error());
  return opened.error();
}

TEST_CASE("the owner of a file is named, in this process and in others") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto owner = sqlite(path);
  owner->open().value();
  std::filesystem::create_symlink(path, dir.file("link.db"));
  for (const std::string& name : {path, dir.path().string() + "/./a.db", dir.file("link.db")}) {
    const Error error = refusal(name);
    CHECK(error.code == Errc::locked);
    CHECK(has(error.detail, path));
    CHECK(has(error.detail, "process " + std::to_string(::getpid())));
  }
  const pid_t child = ::fork();
  if (child == 0) ::_exit(sqlite(path)->open().has_error() ? 7 : 8);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 7));
}

TEST_CASE("the end of a process gives its file free") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  int ready[2];
  REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto store = sqlite(path);
    const char good = store->open().has_value() ? 'y' : 'n';
    [[maybe_unused]] const ssize_t wrote = ::write(ready[1], &good, 1);
    ::pause();
    ::_exit(0);
  }
  char good = 0;
  REQUIRE(::read(ready[0], &good, 1) == 1);
  CHECK(good == 'y');
  CHECK(has(refusal(path).detail, "process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  CHECK(sqlite(path)->open().has_value());
}

TEST_CASE("only the owner of the file may read it") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat file {};
    REQUIRE(::stat((path + suffix).c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0600);
  }
}

TEST_CASE("closing leaves one file, without a log") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  store->close();
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK(ask(path, "PRAGMA integrity_check") == "ok");
  CHECK(ask(path, "PRAGMA application_id") == std::to_string(0x74736b63));
}

TEST_CASE("a path that cannot be used is refused in words that say why") {
  const TempDir dir;
  Error error = refusal(dir.file("none/a.db"));
  CHECK(error.code == Errc::unavailable);
  CHECK(has(error.detail, "does not exist"));
  error = refusal(dir.path().string());
  CHECK(error.code == Errc::unavailable);
  std::filesystem::create_directory(dir.file("folder"));
  error = refusal(dir.file("folder"));
  CHECK(error.code == Errc::unavailable);
  CHECK(has(error.detail, "is a directory"));
  std::ofstream(dir.file("plain")) << "x";
  error = refusal(dir.file("plain/a.db"));
  CHECK(error.code == Errc::unavailable);
  CHECK(has(error.detail, "is not a directory"));
  CHECK(refusal("").code == Errc::unavailable);
}

TEST_CASE("a directory that may not be written to is refused") {
  const TempDir dir;
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0555));
  // The superuser may write anywhere.
  const bool super = ::geteuid() == 0;
  if (super) REQUIRE(::seteuid(65534) == 0);
  const auto opened = sqlite(dir.file("a.db"))->open();
  if (super) REQUIRE(::seteuid(0) == 0);
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0700));
  REQUIRE(opened.has_error());
  CHECK(opened.error().code == Errc::unavailable);
  CHECK(has(opened.error().detail, "permission"));
}

TEST_CASE("a file of a newer version is refused and left as it is") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  sqlite(path)->open().value();
  ask(path, "PRAGMA user_version=99");
  const Error error = refusal(path);
  CHECK(error.code == Errc::invalid);
  CHECK(has(error.detail, "newer"));
  CHECK(ask(path, "PRAGMA user_version") == "99");
}

TEST_CASE("a database of another program is refused and left as it is") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  ask(path, "CREATE TABLE other (a)");
  CHECK(refusal(path).code == Errc::invalid);
  CHECK(ask(path, "SELECT group_concat(name) FROM sqlite_schema") == "other");
  CHECK(ask(path, "PRAGMA journal_mode") == "delete");
}

}  // namespace
}  // namespace taskcore::store_test
