// Settings to options: see serve_options.hpp.
#include "serve_options.hpp"

#include <algorithm>
#include <filesystem>

#include "delegated_group.hpp"
#include "http/body_budget.hpp"
#include "http/tls_certificate.hpp"
#include "http/trusted_proxies.hpp"
#include "log.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

Result<taskcore::Options> scheduler_options(const Config& config) {
  taskcore::Options options;
  options.logger = engine_log();
  options.timezone = config.timezone;
  options.default_max_retries = config.max_retries;
  options.default_timeout = config.default_timeout;
  options.max_concurrent = config.max_concurrent;
  options.queues = config.queues;
  options.scheduler_interval = config.scheduler_interval;
  options.retention.runs = config.run_retention;
  options.retention.logs = config.log_retention;
  options.retention.audit = config.audit_retention;
  options.retention.audit_rows = config.audit_max_rows;
  options.quota = config.quota;
  options.max_output = config.max_output;
  options.script_root = config.script_root.string();
  options.script_programs = config.script_programs;
  options.script_cgroup = config.script_cgroup;
  if (config.script_cgroup == kDelegatedGroup) {
    auto group = split_delegated_group();
    if (!group) return group.error();
    options.script_cgroup = std::move(*group);
  }
  const auto directory = config.script_root.empty() ? config.data_dir / "work" : config.script_root;
  std::error_code ec;
  std::filesystem::create_directories(directory, ec);
  if (ec) return fail(Errc::unavailable, "TASK_DATA_DIR: cannot create " + directory.string() + ": " + ec.message());
  options.script_directory = std::filesystem::absolute(directory).string();
  return options;
}

taskcore::Error as_setting(taskcore::Error error) {
  constexpr std::string_view kOption = "script_cgroup: ";
  if (error.detail.starts_with(kOption)) error.detail.replace(0, kOption.size(), "TASK_SCRIPT_CGROUP: ");
  if (error.code == Errc::corrupt) {
    error.detail += " `taskd check` tells more; `taskd restore FILE` puts a backup in its place.";
  }
  return error;
}

Result<void> make_data_dir(const Config& config) {
  std::error_code ec;
  std::filesystem::create_directories(config.data_dir, ec);
  if (ec) {
    return fail(Errc::unavailable, "TASK_DATA_DIR: cannot create " + config.data_dir.string() + ": " + ec.message());
  }
  return {};
}

Result<HttpOptions> http_options(const Config& config) {
  HttpOptions options;
  options.limits.body = config.max_body;
  // One of the largest always finds room; a body may take twice its size.
  options.body_memory = std::max(config.max_body_memory, 2 * config.max_body + BodyShare::kReadBuffer);
  options.max_connections_per_address = config.max_connections_per_address;
  if (!config.trusted_proxies.empty()) {
    auto proxies = TrustedProxies::parse(config.trusted_proxies);
    if (!proxies) return proxies.error();
    options.trusted_proxies = std::make_shared<const TrustedProxies>(std::move(*proxies));
  }
  if (!config.tls_cert.empty()) {
    auto certificate = TlsCertificate::open(config.tls_cert, config.tls_key);
    if (!certificate) return certificate.error();
    options.tls = std::move(*certificate);
  }
  return options;
}

std::string url_of(const Config& config, std::uint16_t port) {
  const std::string& host = config.listen.host;
  const bool v6 = host.find(':') != std::string::npos;
  return std::string(config.tls_cert.empty() ? "http://" : "https://") + (v6 ? "[" + host + "]" : host) + ":" +
         std::to_string(port);
}

}  // namespace taskd
