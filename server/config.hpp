// The settings of taskd: one table of names, flags and defaults, and the checked values. Where they come from (flags,
// environment) is cli/arguments' business.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/policy.hpp"
#include "debug_names.hpp"
#include "log.hpp"
#include "taskcore/quota.hpp"
#include "taskcore/result.hpp"

namespace taskd {

struct Setting {
  std::string_view name;           ///< Of the environment variable.
  std::string_view flag;           ///< Its twin on the command line.
  std::string_view default_value;  ///< As text; empty: unset.
  std::string_view help;
};

/// Every setting, in the order of the help text.
std::span<const Setting> settings() noexcept;

/// The setting whose value must not be seen.
inline constexpr std::string_view kSecretSetting = "TASK_JWT_SECRET";

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};

struct Config {
  std::filesystem::path data_dir;
  std::filesystem::path store_file;
  bool check_after_crash = true;
  ListenAddress listen;
  std::filesystem::path tls_cert;  ///< Both or none of these two.
  std::filesystem::path tls_key;
  std::string timezone;
  std::chrono::milliseconds scheduler_interval{};
  std::chrono::milliseconds default_timeout{};
  int max_retries = 0;
  int max_concurrent = 0;
  std::map<std::string, int> queues;
  std::string jwt_secret;
  std::filesystem::path jwt_secret_file;
  std::filesystem::path jwt_public_key;  ///< At most one of these four is set.
  std::filesystem::path jwks;            ///< A file, or an https address.
  std::filesystem::path jwks_ca;         ///< Empty: the system's.
  std::string jwt_issuer;
  std::string jwt_audience;
  std::filesystem::path jwt_denylist;        ///< Empty: none.
  std::size_t rate_limit = 0;                ///< Requests a minute; 0 is off.
  taskcore::Quota quota;                     ///< Of each user.
  std::vector<std::string> trusted_proxies;  ///< Good ones.
  std::size_t max_connections_per_address = 0;
  std::size_t max_body = 0;
  std::size_t max_body_memory = 0;
  std::vector<std::string> cors_origins;  ///< Empty: none.
  ScriptRoles script_roles;
  std::filesystem::path script_root;
  std::filesystem::path secrets_dir;
  std::vector<std::string> outbound_allow;
  std::vector<std::string> script_programs;  ///< Empty: any.
  std::string script_cgroup;                 ///< Empty: none. Or kDelegatedGroup.
  std::filesystem::path functions;           ///< A JavaScript module; empty: none.
  std::vector<std::filesystem::path> plugins;
  std::size_t max_output = 0;
  std::chrono::hours run_retention{};
  std::chrono::hours log_retention{};
  std::chrono::hours audit_retention{};
  std::size_t audit_max_rows = 0;  ///< 0: as many as come.
  std::chrono::milliseconds shutdown_grace{};
  bool metrics_need_admin = false;
  LogFormat log_format = LogFormat::text;
  DebugNames debug{};
};

/// Checks the values, by setting name; what is missing takes its default. Errors: `invalid`, one sentence that begins
/// with the setting's name.
taskcore::Result<Config> make_config(const std::map<std::string, std::string, std::less<>>& values);

/// Whether TASK_JWKS is an address.
bool is_address(const std::filesystem::path& jwks);

/// Refuses settings of tokens that do not go together.
taskcore::Result<void> check_token_settings(const Config& config);

/// Digits with an optional minus, and nothing else.
std::optional<long long> parse_whole(std::string_view text);

/// "host:port", "[v6]:port" or ":port".
std::optional<ListenAddress> parse_listen(std::string_view text);

/// "90s", "15m", "1h", "7d", or seconds.
std::optional<std::chrono::seconds> parse_ttl(std::string_view text);

}  // namespace taskd
