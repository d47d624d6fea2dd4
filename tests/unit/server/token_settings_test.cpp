// The settings of tokens: what they make of a start, and what each mistake says.
#include <sys/stat.h>

#include <sstream>

#include "auth_options.hpp"
#include "cli/token.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;
using test_support::TempDir;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

taskcore::Result<TokenCheck> start(const TempDir& dir, Values values) {
  values["TASK_DATA_DIR"] = dir.file("data");
  const auto config = make_config(values);
  if (!config) return config.error();
  return make_token_check(*config, [](const std::string&) {});
}

JwtPtr started(const TempDir& dir, const Values& values) {
  return std::make_shared<const Jwt>(start(dir, values).value().policy);
}

std::string mistake(const TempDir& dir, const Values& values) {
  const auto check = start(dir, values);
  return check ? "none" : check.error().detail;
}

std::string es256_token(const std::string& claims = std::string(kClaims)) {
  return signed_token(ec_key(), Algorithm::es256, R"({"alg":"ES256"})", claims);
}

}  // namespace

TEST_CASE("without a key's setting there is a secret, made at the first start", "[auth]") {
  TempDir dir;
  CHECK(start(dir, {})->secret_created);
  CHECK_FALSE(start(dir, {})->secret_created);
  const JwtPtr jwt = started(dir, {});
  CHECK(lets_in(jwt, jwt->sign({"a", Role::user}, kNow, kNow + std::chrono::hours(1))));
}

TEST_CASE("with a public key only its owner's tokens are good, and no secret is made", "[auth]") {
  TempDir dir;
  const JwtPtr jwt = started(
      dir, {{"TASK_JWT_PUBLIC_KEY", dir.write("key.pem", ec_key().public_pem()).string()}, {"TASK_JWT_ISSUER", "us"}});
  CHECK(lets_in(jwt, es256_token(R"({"sub":"a","role":"user","exp":1800000600,"iss":"us"})")));
  CHECK_FALSE(lets_in(jwt, es256_token()));
  CHECK_FALSE(lets_in(jwt, jwt->sign({"a", Role::user}, kNow, kNow + std::chrono::hours(1))));
  CHECK_FALSE(std::filesystem::exists(dir.path() / "data"));
}

TEST_CASE("a set and a denylist are read from their files", "[auth]") {
  TempDir dir;
  const JwtPtr jwt = started(dir, {{"TASK_JWKS", dir.write("set.json", "{\"keys\":[" + ec_key().jwk() + "]}").string()},
                                   {"TASK_JWT_DENYLIST", dir.write("denied", "lost\n").string()}});
  CHECK(lets_in(jwt, es256_token()));
  CHECK_FALSE(lets_in(jwt, es256_token(R"({"sub":"a","role":"user","exp":1800000600,"jti":"lost"})")));
}

TEST_CASE("a key's file that is of no use stops the start with one line", "[auth]") {
  TempDir dir;
  const std::string weak = dir.write("weak.pem", SigningKey::rsa(1024).public_pem()).string();
  CHECK(mistake(dir, {{"TASK_JWT_PUBLIC_KEY", weak}}) ==
        "TASK_JWT_PUBLIC_KEY: " + weak + ": the RSA key has 1024 bits; it needs 2048 to 8192");
  const std::string none = dir.file("none");
  for (const char* name : {"TASK_JWT_PUBLIC_KEY", "TASK_JWKS", "TASK_JWT_DENYLIST"}) {
    CHECK(mistake(dir, {{name, none}}) ==
          std::string(name) + ": " + none + ": cannot be read: No such file or directory");
  }
  const std::string empty = dir.write("empty.json", R"({"keys":[]})").string();
  CHECK(mistake(dir, {{"TASK_JWKS", empty}}).starts_with("TASK_JWKS: " + empty + ": holds no key "));
}

TEST_CASE("the private key's text is in no error", "[auth]") {
  TempDir dir;
  const std::string pem = rsa_key().private_pem();
  const std::string fault = mistake(dir, {{"TASK_JWT_PUBLIC_KEY", dir.write("key.pem", pem).string()}});
  CHECK(fault.find("holds a private key") != std::string::npos);
  CHECK(fault.find(pem.substr(pem.find('\n') + 1, 20)) == std::string::npos);
}

TEST_CASE("an address of a set is https without a password, and no other is repeated", "[auth]") {
  TempDir dir;
  for (const char* address : {"http://id.example/jwks.json", "http://name:password@id.example/", "file:///etc/jwks"}) {
    CHECK(mistake(dir, {{"TASK_JWKS", address}}) == "TASK_JWKS: an address must begin with https://");
  }
  CHECK(mistake(dir, {{"TASK_JWKS", "https://name:password@id.example/jwks.json"}}) ==
        "TASK_JWKS: the address must not hold a user or a password; use auth");
}

TEST_CASE("authorities are for an address, and must be certificates", "[auth]") {
  TempDir dir;
  const std::string rubbish = dir.write("ca.pem", "rubbish").string();
  CHECK(mistake(dir, {{"TASK_JWKS", "set.json"}, {"TASK_JWKS_CA", rubbish}}) ==
        "TASK_JWKS_CA: is for a TASK_JWKS that is an https address");
  for (const std::string& file : {rubbish, dir.write("empty.pem", "").string()}) {
    CHECK(mistake(dir, {{"TASK_JWKS", "https://id.example/"}, {"TASK_JWKS_CA", file}})
              .starts_with("TASK_JWKS_CA: must be certificates in PEM"));
  }
  const std::string none = dir.file("none");
  CHECK(mistake(dir, {{"TASK_JWKS", "https://id.example/"}, {"TASK_JWKS_CA", none}}) ==
        "TASK_JWKS_CA: " + none + ": cannot be read: No such file or directory");
}

TEST_CASE("only one source of keys can be set", "[auth]") {
  TempDir dir;
  const std::vector<std::string> names{"TASK_JWT_SECRET", "TASK_JWT_SECRET_FILE", "TASK_JWT_PUBLIC_KEY", "TASK_JWKS"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t k = i + 1; k < names.size(); ++k) {
      CHECK(mistake(dir, {{names[i], "x"}, {names[k], "y"}}) == names[k] + ": set this or " + names[i] + ", not both");
    }
  }
}

TEST_CASE("taskd token makes tokens with ids of their own, and none that another's key must sign", "[auth]") {
  TempDir dir;
  const TokenCommand command{"alice", "user", "1h"};
  std::ostringstream first;
  std::ostringstream second;
  std::ostringstream err;
  const auto config = make_config({{"TASK_DATA_DIR", dir.file("data")}});
  CHECK(run_token(command, *config, first, err) == 0);
  CHECK(run_token(command, *config, second, err) == 0);
  CHECK(first.str() != second.str());
  for (const char* name : {"TASK_JWT_PUBLIC_KEY", "TASK_JWKS"}) {
    std::ostringstream out;
    std::ostringstream why;
    CHECK(run_token(command, *make_config({{name, "x"}}), out, why) == kExitUsage);
    CHECK(out.str().empty());
    CHECK(why.str().starts_with("taskd: " + std::string(name) + ": "));
  }
}
