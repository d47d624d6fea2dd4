// Settings of tokens: see auth_options.hpp.
#include "auth_options.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "auth/jwk_set.hpp"
#include "auth/public_key_pem.hpp"
#include "auth/watched_file.hpp"
#include "cli/token.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxPem = 64 * 1024;

Result<KeySource> public_key(const std::filesystem::path& path) {
  const auto refuse = [](const std::string& why) { return fail(Errc::invalid, "TASK_JWT_PUBLIC_KEY: " + why); };
  const auto file = read_text_file(path, kMaxPem);
  if (!file) return refuse(file.error().detail);
  auto key = public_key_from_pem(file->text);
  if (!key) return refuse(path.string() + ": " + key.error().detail);
  return fixed_key({std::move(*key), {}, {}});
}

/// What gives the newest good value of a file.
template <class T>
Result<std::function<std::shared_ptr<const T>()>> watch(typename WatchedFile<T>::Options options) {
  options.clock = std::chrono::steady_clock::now;
  const auto file = std::make_shared<WatchedFile<T>>(std::move(options));
  if (auto opened = file->open(); !opened) return opened.error();
  return std::function<std::shared_ptr<const T>()>([file] { return file->value(); });
}

}  // namespace

Result<TokenCheck> make_token_check(const Config& config, std::function<void(const std::string&)> on_fault) {
  TokenCheck out;
  Secret secret;
  Result<KeySource> keys = KeySource{};
  if (!config.jwt_public_key.empty()) {
    keys = public_key(config.jwt_public_key);
  } else if (!config.jwks.empty()) {
    keys = watch<KeySet>({"TASK_JWKS", config.jwks, kMaxJwkSet, read_jwk_set, on_fault, {}});
  } else {
    auto found = find_secret(config);
    if (!found) return found.error();
    secret = std::move(found->secret);
    out.secret_created = found->created;
  }
  if (!keys) return keys.error();
  out.policy = jwt_policy(config, std::move(secret));
  out.policy.keys = std::move(*keys);
  if (!config.jwt_denylist.empty()) {
    auto denied = watch<Denylist>(
        {"TASK_JWT_DENYLIST", config.jwt_denylist, kMaxDenylist, read_denylist, std::move(on_fault), {}});
    if (!denied) return denied.error();
    out.policy.denied = std::move(*denied);
  }
  return out;
}

}  // namespace taskd
