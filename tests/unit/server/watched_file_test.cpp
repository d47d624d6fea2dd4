// Files that are read anew when they change: keys rotate, tokens are taken back, and a mistake changes nothing.
#include "auth/watched_file.hpp"

#include <sys/stat.h>

#include <vector>

#include "auth/denylist.hpp"
#include "auth/jwk_set.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;
using test_support::TempDir;
using namespace std::chrono_literals;

namespace {

/// A file under watch, with time in the test's hand.
template <class T>
struct Watch {
  Watch(const TempDir& dir, const std::string& text, typename WatchedFile<T>::Parse parse)
      : path(dir.write("file", text)),
        file({"TASK_FILE", path, 1000, std::move(parse), [this](const std::string& fault) { faults.push_back(fault); },
              [this] { return now; }}) {}

  /// Replaces the file, as it should be done, and lets a second pass.
  void change(const TempDir& dir, const std::string& text) {
    std::filesystem::rename(dir.write("new", text), path);
    now += 1s;
  }

  std::chrono::steady_clock::time_point now{};
  std::vector<std::string> faults{};
  std::filesystem::path path;
  WatchedFile<T> file;
};

/// Any text but "bad".
taskcore::Result<std::string> parse_text(const TextFile& file) {
  if (file.text == "bad") return taskcore::fail(taskcore::Errc::invalid, "is bad");
  return file.text;
}

}  // namespace

TEST_CASE("a changed file is seen after a second, not sooner", "[auth]") {
  TempDir dir;
  Watch<std::string> watch(dir, "one", parse_text);
  REQUIRE(watch.file.open());
  CHECK(*watch.file.value() == "one");
  dir.write("file", "two");
  watch.now += 999ms;
  CHECK(*watch.file.value() == "one");
  watch.now += 1ms;
  CHECK(*watch.file.value() == "two");
  CHECK(watch.faults.empty());
}

TEST_CASE("a file that has been quiet is not read again until it changes", "[auth]") {
  TempDir dir;
  int readings = 0;
  Watch<std::string> watch(dir, "one", [&](const TextFile& file) {
    ++readings;
    return parse_text(file);
  });
  const auto quiet = std::filesystem::file_time_type::clock::now() - 1h;
  std::filesystem::last_write_time(watch.path, quiet);
  REQUIRE(watch.file.open());
  for (int i = 0; i < 100; ++i) {
    watch.now += 1s;
    (void)watch.file.value();
  }
  CHECK(readings == 1);
  // Another text of the same size with the same time: only the inode tells.
  std::filesystem::last_write_time(dir.write("new", "two"), quiet);
  std::filesystem::rename(dir.path() / "new", watch.path);
  watch.now += 1s;
  CHECK(*watch.file.value() == "two");
  CHECK(readings == 2);
}

TEST_CASE("a broken version keeps what was there and is told once", "[auth]") {
  TempDir dir;
  Watch<std::string> watch(dir, "one", parse_text);
  REQUIRE(watch.file.open());
  for (int i = 0; i < 5; ++i) {
    watch.change(dir, "bad");
    CHECK(*watch.file.value() == "one");
  }
  CHECK(watch.faults == std::vector<std::string>{"TASK_FILE: " + watch.path.string() + ": is bad"});
  std::filesystem::remove(watch.path);
  watch.now += 1s;
  CHECK(*watch.file.value() == "one");
  REQUIRE(watch.faults.size() == 2);
  CHECK(watch.faults[1] == "TASK_FILE: " + watch.path.string() + ": cannot be read: No such file or directory");
  watch.change(dir, "three");
  CHECK(*watch.file.value() == "three");
  watch.change(dir, "bad");
  CHECK(*watch.file.value() == "three");
  CHECK(watch.faults.size() == 3);
}

TEST_CASE("a first version that is of no use is an error that names setting and file", "[auth]") {
  TempDir dir;
  const auto fault = [&](Watch<std::string>& watch) { return watch.file.open().error().detail; };
  Watch<std::string> bad(dir, "bad", parse_text);
  const std::string name = "TASK_FILE: " + bad.path.string() + ": ";
  CHECK(fault(bad) == name + "is bad");
  Watch<std::string> large(dir, std::string(1001, 'x'), parse_text);
  CHECK(fault(large) == name + "is larger than 1000 bytes");
  Watch<std::string> open_to_all(dir, "one", parse_text);
  ::chmod(open_to_all.path.c_str(), 0666);
  CHECK(fault(open_to_all) == name + "can be written by everyone; chmod o-w it");
  std::filesystem::remove(open_to_all.path);
  ::mkfifo(open_to_all.path.c_str(), 0600);
  CHECK(fault(open_to_all) == name + "is not a regular file");
}

TEST_CASE("keys rotate: the new one is taken, and the old one is not, though its token was known", "[auth]") {
  TempDir dir;
  const auto set = [](const std::string& jwk) { return "{\"keys\":[" + jwk + "]}"; };
  Watch<KeySet> watch(dir, set(rsa_key().jwk(R"("kid":"old")")), read_jwk_set);
  REQUIRE(watch.file.open());
  JwtPolicy policy;
  policy.keys = [&watch] { return watch.file.value(); };
  const auto jwt = std::make_shared<const Jwt>(std::move(policy));
  const std::string old_token = signed_token(rsa_key(), Algorithm::rs256, R"({"alg":"RS256","kid":"old"})", kClaims);
  const std::string new_token = signed_token(ec_key(), Algorithm::es256, R"({"alg":"ES256","kid":"new"})", kClaims);
  CHECK(lets_in(jwt, old_token));
  CHECK_FALSE(lets_in(jwt, new_token));
  watch.change(dir, set(rsa_key().jwk(R"("kid":"old")") + "," + ec_key().jwk(R"("kid":"new")")));
  CHECK(lets_in(jwt, old_token));
  CHECK(lets_in(jwt, new_token));
  watch.change(dir, "half a s");
  CHECK(lets_in(jwt, new_token));
  CHECK(watch.faults.size() == 1);
  watch.change(dir, set(ec_key().jwk(R"("kid":"new")")));
  CHECK_FALSE(lets_in(jwt, old_token));
  CHECK(lets_in(jwt, new_token));
}

TEST_CASE("a token is taken back by its id, though it was known, and others are not", "[auth]") {
  TempDir dir;
  Watch<Denylist> watch(dir, "# nobody yet\n", read_denylist);
  REQUIRE(watch.file.open());
  JwtPolicy policy;
  policy.secret = Secret(kSecret);
  policy.denied = [&watch] { return watch.file.value(); };
  const auto jwt = std::make_shared<const Jwt>(std::move(policy));
  const auto with_id = [](const std::string& id) {
    return hmac_token(R"({"alg":"HS256"})", R"({"sub":"a","role":"user","exp":1800000600,"jti":")" + id + "\"}");
  };
  CHECK(lets_in(jwt, with_id("lost")));
  watch.change(dir, "lost # a laptop\n");
  CHECK(ask(jwt, with_id("lost")).status == 401);
  CHECK(lets_in(jwt, with_id("found")));
  CHECK(lets_in(jwt, with_id("")));
  CHECK(lets_in(jwt, hmac_token(R"({"alg":"HS256"})", kClaims)));
  watch.change(dir, "");
  CHECK(lets_in(jwt, with_id("lost")));
}
