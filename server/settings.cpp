// The table of settings: names, flags, defaults, help.
#include <array>

#include "config.hpp"

namespace taskd {

namespace {

constexpr auto kSettings = std::to_array<Setting>({
    {"TASK_DATA_DIR", "--data-dir", "./data", "directory of the store and the token secret"},
    {"TASK_LISTEN", "--listen", "127.0.0.1:3001", "address and port to serve on"},
    {"TASK_TLS_CERT", "--tls-cert", "", "PEM file with the certificate: the server speaks HTTPS"},
    {"TASK_TLS_KEY", "--tls-key", "", "PEM file with the certificate's private key"},
    {"TASK_STORE", "--store", "sqlite:", "sqlite: (tasks.db in the data dir) or sqlite:FILE"},
    {"TASK_CHECK_AFTER_CRASH", "--check-after-crash", "1", "look for damage in the store after a crash; 0 is off"},
    {"TASK_SCHEDULER_INTERVAL", "--scheduler-interval", "60000", "longest sleep between looks at the store, ms"},
    {"TASK_DEFAULT_TIMEOUT", "--default-timeout", "300000", "timeout of an attempt where the task names none, ms"},
    {"TASK_MAX_RETRIES", "--max-retries", "3", "retries where the task names no number"},
    {"TASK_TIMEZONE", "--timezone", "UTC", "IANA time zone of schedules that name none"},
    {"TASK_MAX_CONCURRENT", "--max-concurrent", "16", "runs at the same time"},
    {"TASK_QUEUES", "--queues", "", "limits of queues, such as default=16,reports=2"},
    {"TASK_JWT_SECRET", "--jwt-secret", "", "HS256 secret of tokens, at least 32 bytes; prefer the file"},
    {"TASK_JWT_SECRET_FILE", "--jwt-secret-file", "", "file with that secret"},
    {"TASK_JWT_PUBLIC_KEY", "--jwt-public-key", "",
     "PEM file: tokens are checked with this key, and not with a secret"},
    {"TASK_JWKS", "--jwks", "", "file or https address of a JSON Web Key Set that tokens are checked with"},
    {"TASK_JWKS_CA", "--jwks-ca", "", "PEM file of the authorities that the address is checked against"},
    {"TASK_JWT_DENYLIST", "--jwt-denylist", "", "file with the ids (jti) of tokens that are refused, one a line"},
    {"TASK_JWT_ISSUER", "--jwt-issuer", "", "the iss that tokens must have"},
    {"TASK_JWT_AUDIENCE", "--jwt-audience", "", "the aud that tokens must have"},
    {"TASK_RATE_LIMIT", "--rate-limit", "600", "requests a minute and user; 0 is off"},
    {"TASK_QUOTA_TASKS", "--quota-tasks", "0", "tasks that a user may own; 0 is no limit"},
    {"TASK_QUOTA_RUNS", "--quota-runs", "0", "unfinished runs that a user's tasks may have; 0 is no limit"},
    {"TASK_QUOTA_BYTES", "--quota-bytes", "0", "bytes of a user's tasks and of their runs' params; 0 is no limit"},
    {"TASK_TRUSTED_PROXIES", "--trusted-proxies", "",
     "addresses and blocks of proxies whose X-Forwarded-For counts, separated by commas"},
    {"TASK_MAX_CONNECTIONS_PER_ADDRESS", "--max-connections-per-address", "2048",
     "connections at a time of one address"},
    {"TASK_MAX_BODY", "--max-body", "1048576", "largest request body, bytes"},
    {"TASK_MAX_BODY_MEMORY", "--max-body-memory", "67108864", "what larger bodies hold at a time, all together, bytes"},
    {"TASK_CORS_ORIGINS", "--cors-origins", "", "origins whose pages may call from browsers, or *; empty: none"},
    {"TASK_SCRIPT_ROLES", "--script-roles", "admin,user", "roles that may make and run scripts; none: nobody"},
    {"TASK_SCRIPT_ROOT", "--script-root", "", "directory below which every script's cwd must lie"},
    {"TASK_SECRETS_DIR", "--secrets-dir", "", "directory whose files are secrets for tasks"},
    {"TASK_OUTBOUND_ALLOW", "--outbound-allow", "",
     "what calls may reach although it is private: hosts, addresses, blocks"},
    {"TASK_SCRIPT_PROGRAMS", "--script-programs", "", "programs that scripts may run: names or absolute paths"},
    {"TASK_SCRIPT_CGROUP", "--script-cgroup", "",
     "control group (version 2) below which each script gets its own, or: delegated"},
    {"TASK_FUNCTIONS", "--functions", "", "JavaScript module whose functions custom tasks call, by Node.js"},
    {"TASK_PLUGINS", "--plugins", "", "shared libraries with functions and types of task, separated by commas"},
    {"TASK_MAX_OUTPUT", "--max-output", "1048576", "bytes of output kept of a run"},
    {"TASK_RUN_RETENTION", "--run-retention", "30", "days that settled runs are kept; 0 keeps them for ever"},
    {"TASK_LOG_RETENTION", "--log-retention", "30", "days that logs are kept; 0 keeps them as long as their runs"},
    {"TASK_AUDIT_RETENTION", "--audit-retention", "90", "days that the audit trail is kept; 0 keeps it for ever"},
    {"TASK_AUDIT_MAX_ROWS", "--audit-max-rows", "0", "newest rows of the audit trail that stay; 0 is no limit"},
    {"TASK_SHUTDOWN_GRACE", "--shutdown-grace", "30000", "time that runs get to finish on SIGTERM, ms"},
    {"TASK_METRICS_ACCESS", "--metrics-access", "all", "who may read /metrics: all (no token needed) or admin"},
    {"TASK_LOG_FORMAT", "--log-format", "text", "of the log's lines: text or json"},
    {"DEBUG", "--debug", "", "task:* logs more; such as task:scheduler,task:auth some of it"},
});

}  // namespace

std::span<const Setting> settings() noexcept { return kSettings; }

}  // namespace taskd
