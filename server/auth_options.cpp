// Settings of tokens: see auth_options.hpp.
#include "auth_options.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "auth/jwk_set.hpp"
#include "auth/public_key_pem.hpp"
#include "auth/remote_keys.hpp"
#include "auth/watched_file.hpp"
#include "cli/token.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxPem = 64 * 1024;
constexpr std::size_t kMaxAuthorities = 1024 * 1024;

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

Result<std::shared_ptr<RemoteKeys>> remote_keys(const Config& config,
                                                std::function<void(const std::string&)> on_fault) {
  RemoteKeys::Options options;
  options.address.url = config.jwks.string();
  options.on_fault = std::move(on_fault);
  if (!config.jwks_ca.empty()) {
    auto file = read_text_file(config.jwks_ca, kMaxAuthorities);
    if (!file) return fail(Errc::invalid, "TASK_JWKS_CA: " + file.error().detail);
    options.address.authorities = std::move(file->text);
  }
  return RemoteKeys::open(std::move(options));
}

}  // namespace

Result<TokenCheck> make_token_check(const Config& config, std::function<void(const std::string&)> on_fault) {
  TokenCheck out;
  Secret secret;
  Result<KeySource> keys = KeySource{};
  std::function<void()> on_unknown_key;
  const auto on_change = [on_fault](const std::string& fault) {
    on_fault(fault + "; what was read before stays in force");
  };
  if (!config.jwt_public_key.empty()) {
    keys = public_key(config.jwt_public_key);
  } else if (is_address(config.jwks)) {
    auto remote = remote_keys(config, on_fault);
    if (!remote) return remote.error();
    keys = [set = *remote] { return set->keys(); };
    on_unknown_key = [set = *remote] { set->miss(); };
  } else if (!config.jwks.empty()) {
    keys = watch<KeySet>({"TASK_JWKS", config.jwks, kMaxJwkSet, read_jwk_set, on_change, {}});
  } else {
    auto found = find_secret(config);
    if (!found) return found.error();
    secret = std::move(found->secret);
    out.secret_created = found->created;
  }
  if (!keys) return keys.error();
  out.policy = jwt_policy(config, std::move(secret));
  out.policy.keys = std::move(*keys);
  out.policy.on_unknown_key = std::move(on_unknown_key);
  if (!config.jwt_denylist.empty()) {
    auto denied =
        watch<Denylist>({"TASK_JWT_DENYLIST", config.jwt_denylist, kMaxDenylist, read_denylist, on_change, {}});
    if (!denied) return denied.error();
    out.policy.denied = std::move(*denied);
  }
  return out;
}

}  // namespace taskd
