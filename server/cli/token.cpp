// `taskd token`: see token.hpp.
#include "cli/token.hpp"

#include <chrono>
#include <ostream>

#include "text/utf8.hpp"

namespace taskd {

taskcore::Result<DataDirSecret> find_secret(const Config& config) {
  auto given = [](taskcore::Result<Secret> secret) -> taskcore::Result<DataDirSecret> {
    if (!secret) return secret.error();
    return DataDirSecret{std::move(*secret), false};
  };
  if (!config.jwt_secret.empty()) return given(make_secret(config.jwt_secret, "TASK_JWT_SECRET"));
  if (!config.jwt_secret_file.empty()) return given(read_secret_file(config.jwt_secret_file, "TASK_JWT_SECRET_FILE"));
  return load_or_create_secret(config.data_dir);
}

JwtPolicy jwt_policy(const Config& config, Secret secret) {
  JwtPolicy policy;
  policy.secret = std::move(secret);
  policy.issuer = config.jwt_issuer;
  policy.audience = config.jwt_audience;
  return policy;
}

int run_token(const TokenCommand& command, const Config& config, std::ostream& out, std::ostream& err) {
  const auto refuse = [&](int code, const std::string& why) {
    err << "taskd: " << why << '\n';
    return code;
  };
  if (command.sub.empty() || command.sub.size() > 256 || has_control_character(command.sub) || !is_utf8(command.sub)) {
    return refuse(kExitUsage, "--sub: must be 1 to 256 bytes of UTF-8 without control characters");
  }
  const auto role = parse_role(command.role);
  if (!role) return refuse(kExitUsage, "--role: must be admin, user or viewer");
  const auto ttl = parse_ttl(command.ttl);
  if (!ttl) return refuse(kExitUsage, "--ttl: must be like 90s, 15m, 1h or 7d, at most ten years");
  if (!config.jwt_public_key.empty() || !config.jwks.empty()) {
    const std::string setting = config.jwks.empty() ? "TASK_JWT_PUBLIC_KEY" : "TASK_JWKS";
    return refuse(kExitUsage, setting + ": tokens are signed by the owner of the private key, not here");
  }
  auto secret = find_secret(config);
  if (!secret) {
    return refuse(secret.error().code == taskcore::Errc::invalid ? kExitUsage : kExitFailure, secret.error().detail);
  }

  const Jwt jwt(jwt_policy(config, std::move(secret->secret)));
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  out << jwt.sign(Identity{command.sub, *role}, now, now + *ttl) << '\n';
  out.flush();
  return 0;
}

}  // namespace taskd
