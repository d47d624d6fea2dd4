// Settings: see config.hpp.
#include "config.hpp"

#include <algorithm>

#include "http/trusted_proxies.hpp"
#include "middleware/cors.hpp"
#include "taskcore/schedule.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::Error;
using taskcore::Result;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

Error wrong(std::string_view setting, const std::string& what) {
  return taskcore::fail(Errc::invalid, std::string(setting) + ": " + what);
}

/// Reads the settings one by one and keeps the first error.
class Reader {
 public:
  explicit Reader(const Values& values) : values_(values) {}

  std::string text(std::string_view name) const {
    const auto found = values_.find(name);
    if (found != values_.end()) return found->second;
    for (const Setting& setting : settings()) {
      if (setting.name == name) return std::string(setting.default_value);
    }
    return {};
  }

  long long whole(std::string_view name, long long least, long long most) {
    const std::string given = text(name);
    const auto value = parse_whole(given);
    if (value && *value >= least && *value <= most) return *value;
    refuse(name,
           "\"" + given + "\" is not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }

  std::chrono::milliseconds duration(std::string_view name, long long least, long long most) {
    return std::chrono::milliseconds(whole(name, least, most));
  }

  void refuse(std::string_view name, const std::string& what) {
    if (!error_) error_ = wrong(name, what);
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const Values& values_;
  std::optional<Error> error_;
};

/// Calls `take` with each item of a comma list, blanks around it removed; stops when that gives false.
template <class F>
bool each_item(std::string_view list, F take) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view item = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!take(item)) return false;
  }
  return true;
}

bool is_queue_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == ':' || c == '-';
  });
}

void read_queues(Reader& reader, Config& config) {
  const bool good = each_item(reader.text("TASK_QUEUES"), [&](std::string_view item) {
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) return false;
    const auto limit = parse_whole(item.substr(equals + 1));
    if (!is_queue_name(item.substr(0, equals)) || !limit || *limit < 1 || *limit > 100'000) return false;
    config.queues[std::string(item.substr(0, equals))] = static_cast<int>(*limit);
    return true;
  });
  if (!good) reader.refuse("TASK_QUEUES", "expected NAME=LIMIT, separated by commas, with limits from 1 to 100000");
}

void read_script_roles(Reader& reader, Config& config) {
  config.script_roles = ScriptRoles{false, false, false};
  const std::string list = reader.text("TASK_SCRIPT_ROLES");
  if (list == "none") return;
  const bool good = each_item(list, [&](std::string_view item) {
    const auto role = parse_role(item);
    if (role == Role::admin) config.script_roles.admin = true;
    if (role == Role::user) config.script_roles.user = true;
    if (role == Role::viewer) config.script_roles.viewer = true;
    return role.has_value();
  });
  if (!good) reader.refuse("TASK_SCRIPT_ROLES", "expected admin, user, viewer, separated by commas, or none");
}

void read_script_programs(Reader& reader, Config& config) {
  const bool good = each_item(reader.text("TASK_SCRIPT_PROGRAMS"), [&](std::string_view item) {
    config.script_programs.emplace_back(item);
    return !item.empty() && (item.front() == '/' || item.find('/') == std::string_view::npos);
  });
  if (!good) reader.refuse("TASK_SCRIPT_PROGRAMS", "expected names or absolute paths, separated by commas");
}

void read_cors_origins(Reader& reader, Config& config) {
  const bool good = each_item(reader.text("TASK_CORS_ORIGINS"), [&](std::string_view item) {
    config.cors_origins.emplace_back(item);
    return item == "*" || is_origin(item);
  });
  if (!good)
    reader.refuse("TASK_CORS_ORIGINS", "expected origins such as https://example.org, separated by commas, or *");
}

void read_plugins(Reader& reader, Config& config) {
  const bool good = each_item(reader.text("TASK_PLUGINS"), [&](std::string_view item) {
    config.plugins.emplace_back(item);
    return !item.empty();
  });
  if (!good) reader.refuse("TASK_PLUGINS", "expected files, separated by commas");
}

void read_store(Reader& reader, Config& config) {
  const std::string store = reader.text("TASK_STORE");
  constexpr std::string_view kSqlite = "sqlite:";
  if (store.substr(0, kSqlite.size()) != kSqlite) {
    const std::string scheme = store.substr(0, store.find(':'));  // The rest may hold a password.
    return reader.refuse("TASK_STORE",
                         "\"" + scheme + ":\" is no store that this build knows; use sqlite: or sqlite:FILE");
  }
  const std::string file = store.substr(kSqlite.size());
  // A relative file lies in the data directory; operator/ takes an absolute one as it is.
  config.store_file = config.data_dir / (file.empty() ? "tasks.db" : file);
}

void read_places(Reader& reader, Config& config) {
  const std::string data_dir = reader.text("TASK_DATA_DIR");
  if (data_dir.empty()) reader.refuse("TASK_DATA_DIR", "must name a directory");
  config.data_dir = data_dir;
  const std::string listen = reader.text("TASK_LISTEN");
  if (auto address = parse_listen(listen)) {
    config.listen = std::move(*address);
  } else {
    reader.refuse("TASK_LISTEN", "\"" + listen + "\" is not HOST:PORT, such as 127.0.0.1:3001 or [::1]:3001");
  }
  config.script_root = reader.text("TASK_SCRIPT_ROOT");
  std::error_code ec;
  if (!config.script_root.empty() && !std::filesystem::is_directory(config.script_root, ec)) {
    reader.refuse("TASK_SCRIPT_ROOT", "\"" + config.script_root.string() + "\" is not a directory");
  }
  config.timezone = reader.text("TASK_TIMEZONE");
  taskcore::ScheduleContext zone;
  zone.timezone = config.timezone;
  if (!taskcore::Schedule::parse("daily at 0:00", zone)) {
    reader.refuse("TASK_TIMEZONE", "\"" + config.timezone + "\" is not a known IANA time zone");
  }
}

void read_tls(Reader& reader, Config& config) {
  config.tls_cert = reader.text("TASK_TLS_CERT");
  config.tls_key = reader.text("TASK_TLS_KEY");
  if (config.tls_cert.empty() == config.tls_key.empty()) return;
  reader.refuse(config.tls_cert.empty() ? "TASK_TLS_CERT" : "TASK_TLS_KEY",
                "certificate and key go together; set TASK_TLS_CERT and TASK_TLS_KEY, or neither");
}

void read_trusted_proxies(Reader& reader, Config& config) {
  each_item(reader.text("TASK_TRUSTED_PROXIES"), [&](std::string_view item) {
    config.trusted_proxies.emplace_back(item);
    return true;
  });
  const auto proxies = TrustedProxies::parse(config.trusted_proxies);
  if (!proxies) reader.refuse("TASK_TRUSTED_PROXIES", proxies.error().detail);
}

void read_quota(Reader& reader, Config& config) {
  constexpr long long kMost = 1'000'000'000'000'000;
  config.quota.tasks = reader.whole("TASK_QUOTA_TASKS", 0, kMost);
  config.quota.runs = reader.whole("TASK_QUOTA_RUNS", 0, kMost);
  config.quota.bytes = reader.whole("TASK_QUOTA_BYTES", 0, kMost);
}

void read_watching(Reader& reader, Config& config) {
  const std::string who = reader.text("TASK_METRICS_ACCESS");
  config.metrics_need_admin = who == "admin";
  if (who != "admin" && who != "all") reader.refuse("TASK_METRICS_ACCESS", "expected all or admin");
  const std::string format = reader.text("TASK_LOG_FORMAT");
  config.log_format = format == "json" ? LogFormat::json : LogFormat::text;
  if (format != "json" && format != "text") reader.refuse("TASK_LOG_FORMAT", "expected text or json");
  config.debug = DebugNames(reader.text("DEBUG"));
}

}  // namespace

Result<Config> make_config(const Values& values) {
  constexpr long long kDay = 86'400'000;
  Reader reader(values);
  Config config;
  read_places(reader, config);
  read_tls(reader, config);
  read_store(reader, config);
  config.check_after_crash = reader.whole("TASK_CHECK_AFTER_CRASH", 0, 1) == 1;
  config.scheduler_interval = reader.duration("TASK_SCHEDULER_INTERVAL", 10, kDay);
  config.default_timeout = reader.duration("TASK_DEFAULT_TIMEOUT", 1, 30 * kDay);
  config.max_retries = static_cast<int>(reader.whole("TASK_MAX_RETRIES", 0, 1000));
  config.max_concurrent = static_cast<int>(reader.whole("TASK_MAX_CONCURRENT", 1, 100'000));
  read_queues(reader, config);
  config.jwt_secret = reader.text("TASK_JWT_SECRET");
  config.jwt_secret_file = reader.text("TASK_JWT_SECRET_FILE");
  config.jwt_public_key = reader.text("TASK_JWT_PUBLIC_KEY");
  config.jwks = reader.text("TASK_JWKS");
  config.jwks_ca = reader.text("TASK_JWKS_CA");
  config.jwt_issuer = reader.text("TASK_JWT_ISSUER");
  config.jwt_audience = reader.text("TASK_JWT_AUDIENCE");
  config.jwt_denylist = reader.text("TASK_JWT_DENYLIST");
  config.rate_limit = static_cast<std::size_t>(reader.whole("TASK_RATE_LIMIT", 0, 1'000'000'000));
  read_quota(reader, config);
  read_trusted_proxies(reader, config);
  config.max_connections_per_address =
      static_cast<std::size_t>(reader.whole("TASK_MAX_CONNECTIONS_PER_ADDRESS", 1, 1'000'000));
  config.max_body = static_cast<std::size_t>(reader.whole("TASK_MAX_BODY", 1024, 1LL << 30));
  config.max_body_memory = static_cast<std::size_t>(reader.whole("TASK_MAX_BODY_MEMORY", 1024, 1LL << 40));
  read_cors_origins(reader, config);
  read_script_roles(reader, config);
  config.secrets_dir = reader.text("TASK_SECRETS_DIR");
  std::error_code ec;
  if (!config.secrets_dir.empty() && !std::filesystem::is_directory(config.secrets_dir, ec)) {
    reader.refuse("TASK_SECRETS_DIR", "\"" + config.secrets_dir.string() + "\" is not a directory");
  }
  each_item(reader.text("TASK_OUTBOUND_ALLOW"), [&](std::string_view item) {
    config.outbound_allow.emplace_back(item);
    return true;
  });
  read_script_programs(reader, config);
  config.script_cgroup = reader.text("TASK_SCRIPT_CGROUP");
  config.functions = reader.text("TASK_FUNCTIONS");
  read_plugins(reader, config);
  config.max_output = static_cast<std::size_t>(reader.whole("TASK_MAX_OUTPUT", 1024, 1LL << 30));
  config.run_retention = std::chrono::hours(24 * reader.whole("TASK_RUN_RETENTION", 0, 36'500));
  config.log_retention = std::chrono::hours(24 * reader.whole("TASK_LOG_RETENTION", 0, 36'500));
  config.audit_retention = std::chrono::hours(24 * reader.whole("TASK_AUDIT_RETENTION", 0, 36'500));
  config.audit_max_rows = static_cast<std::size_t>(reader.whole("TASK_AUDIT_MAX_ROWS", 0, 1'000'000'000'000));
  config.shutdown_grace = reader.duration("TASK_SHUTDOWN_GRACE", 0, kDay);
  read_watching(reader, config);
  if (reader.error()) return *reader.error();
  if (auto checked = check_token_settings(config); !checked) return checked.error();
  return config;
}

}  // namespace taskd
