// Secrets: made once, kept private, refused when weak, gone from the environment.
#include "auth/secret.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace taskd;

namespace {

using test_support::TempDir;

}  // namespace

TEST_CASE("the first start makes a secret, later ones find it", "[secret]") {
  TempDir dir;
  const auto first = load_or_create_secret(dir.path() / "data");
  REQUIRE(first.has_value());
  CHECK(first->created);
  CHECK(first->secret.bytes().size() >= kMinSecretBytes);
  struct stat info {};
  REQUIRE(::stat(secret_path(dir.path() / "data").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  const auto second = load_or_create_secret(dir.path() / "data");
  REQUIRE(second.has_value());
  CHECK_FALSE(second->created);
  CHECK(second->secret.bytes() == first->secret.bytes());
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path() / "data"), {}) == 1);
}

TEST_CASE("a weak secret is refused by the name of its setting", "[secret]") {
  CHECK(make_secret(std::string(32, 'x'), "TASK_JWT_SECRET").has_value());
  const auto weak = make_secret(std::string(31, 'x'), "TASK_JWT_SECRET");
  REQUIRE_FALSE(weak.has_value());
  CHECK(weak.error().detail == "TASK_JWT_SECRET: the secret has 31 bytes; HS256 needs at least 32");
}

TEST_CASE("a secret file loses one newline and must not be open to all", "[secret]") {
  TempDir dir;
  const auto file = dir.path() / "secret";
  std::ofstream(file) << std::string(40, 'k') << "\n";
  ::chmod(file.c_str(), 0600);
  const auto secret = read_secret_file(file, "TASK_JWT_SECRET_FILE");
  REQUIRE(secret.has_value());
  CHECK(secret->bytes() == std::string(40, 'k'));
  ::chmod(file.c_str(), 0644);
  CHECK_FALSE(read_secret_file(file, "TASK_JWT_SECRET_FILE").has_value());
  CHECK_FALSE(read_secret_file(dir.path(), "TASK_JWT_SECRET_FILE").has_value());
  CHECK_FALSE(read_secret_file(dir.path() / "none", "TASK_JWT_SECRET_FILE").has_value());
}

TEST_CASE("a taken variable is gone, its memory too", "[secret]") {
  ::setenv("TASKD_TEST_SECRET", "very secret indeed", 1);
  const char* memory = std::getenv("TASKD_TEST_SECRET");
  CHECK(take_environment("TASKD_TEST_SECRET") == "very secret indeed");
  CHECK(std::getenv("TASKD_TEST_SECRET") == nullptr);
  CHECK(memory[0] == '\0');
  CHECK_FALSE(take_environment("TASKD_TEST_SECRET"));
}
