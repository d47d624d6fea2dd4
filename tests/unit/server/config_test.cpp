// Settings: defaults, good values, and one clear line for each bad one.
#include "config.hpp"

#include "support/catch.hpp"

using namespace taskd;
using Values = std::map<std::string, std::string, std::less<>>;

namespace {
std::string mistake(const Values& values) {
  const auto config = make_config(values);
  return config ? "none" : config.error().detail;
}
}  // namespace

TEST_CASE("without settings the defaults of the contract hold", "[config]") {
  const auto config = make_config({});
  REQUIRE(config.has_value());
  CHECK(config->data_dir == "./data");
  CHECK(config->store_file == "./data/tasks.db");
  CHECK(config->listen.host == "127.0.0.1");
  CHECK(config->listen.port == 3001);
  CHECK(config->scheduler_interval.count() == 60000);
  CHECK(config->default_timeout.count() == 300000);
  CHECK(config->max_retries == 3);
  CHECK(config->rate_limit == 600);
  CHECK_FALSE(config->quota.any());
  CHECK(config->max_body == 1048576);
  CHECK(config->max_body_memory == 67108864);
  CHECK(config->max_connections_per_address == 2048);
  CHECK(config->trusted_proxies.empty());
  CHECK(config->tls_cert.empty());
  CHECK(config->max_output == 1048576);
  CHECK(config->audit_max_rows == 0);
  CHECK(config->shutdown_grace.count() == 30000);
  CHECK(config->timezone == "UTC");
  CHECK(config->script_roles.user);
  CHECK_FALSE(config->script_roles.viewer);
  CHECK(config->functions.empty());
  CHECK(config->plugins.empty());
  CHECK(config->debug.empty());
  CHECK(config->log_format == LogFormat::text);
  CHECK_FALSE(config->metrics_need_admin);
}

TEST_CASE("a wrong setting is named", "[config]") {
  CHECK(mistake({{"TASK_MAX_RETRIES", "many"}}) == "TASK_MAX_RETRIES: \"many\" is not a whole number from 0 to 1000");
  for (const auto& [name, value] : Values{{"TASK_LISTEN", "nowhere"},
                                          {"TASK_SCHEDULER_INTERVAL", "0"},
                                          {"TASK_DEFAULT_TIMEOUT", "-1"},
                                          {"TASK_TIMEZONE", "Mars/Olympus"},
                                          {"TASK_MAX_CONCURRENT", "0"},
                                          {"TASK_QUEUES", "default"},
                                          {"TASK_RATE_LIMIT", "1.5"},
                                          {"TASK_QUOTA_TASKS", "-1"},
                                          {"TASK_QUOTA_RUNS", "all"},
                                          {"TASK_QUOTA_BYTES", "1 MB"},
                                          {"TASK_PLUGINS", "a.so,,b.so"},
                                          {"TASK_TRUSTED_PROXIES", "localhost"},
                                          {"TASK_MAX_CONNECTIONS_PER_ADDRESS", "0"},
                                          {"TASK_MAX_BODY", "12"},
                                          {"TASK_MAX_BODY_MEMORY", "1k"},
                                          {"TASK_CORS_ORIGINS", "https://a.example/"},
                                          {"TASK_SCRIPT_ROLES", "root"},
                                          {"TASK_SCRIPT_ROOT", "/does/not/exist"},
                                          {"TASK_SCRIPT_PROGRAMS", "make,bin/sh"},
                                          {"TASK_MAX_OUTPUT", " 9000"},
                                          {"TASK_RUN_RETENTION", "x"},
                                          {"TASK_LOG_RETENTION", "1d"},
                                          {"TASK_AUDIT_RETENTION", "-1"},
                                          {"TASK_AUDIT_MAX_ROWS", "-1"},
                                          {"TASK_SHUTDOWN_GRACE", "9999999999999999999"},
                                          {"TASK_METRICS_ACCESS", "user"},
                                          {"TASK_LOG_FORMAT", "xml"},
                                          {"TASK_STORE", "mysql://u:secret@h/d"}}) {
    INFO(name);
    const std::string line = mistake({{name, value}});
    CHECK(line.rfind(name + ": ", 0) == 0);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find("secret") == std::string::npos);
  }
  CHECK(mistake({{"TASK_TLS_CERT", "a"}}).starts_with("TASK_TLS_KEY: "));
  CHECK(mistake({{"TASK_TLS_KEY", "a"}}).starts_with("TASK_TLS_CERT: "));
  CHECK(mistake({{"TASK_JWT_SECRET", "a"}, {"TASK_JWT_SECRET_FILE", "b"}}).rfind("TASK_JWT_SECRET_FILE: ", 0) == 0);
}

TEST_CASE("lists of queues and roles are read", "[config]") {
  const auto config = make_config({{"TASK_QUEUES", "default=16, reports=2"}, {"TASK_SCRIPT_ROLES", "admin"}});
  REQUIRE(config.has_value());
  CHECK(config->queues == std::map<std::string, int>{{"default", 16}, {"reports", 2}});
  CHECK(config->script_roles.admin);
  CHECK_FALSE(config->script_roles.user);
  CHECK_FALSE(make_config({{"TASK_SCRIPT_ROLES", "none"}})->script_roles.admin);
}

TEST_CASE("programs and a control group of scripts are read", "[config]") {
  CHECK(mistake({{"TASK_SCRIPT_PROGRAMS", "make,,sh"}}).starts_with("TASK_SCRIPT_PROGRAMS: "));
  const auto config =
      make_config({{"TASK_SCRIPT_PROGRAMS", "make, /usr/bin/python3"}, {"TASK_SCRIPT_CGROUP", "/sys/fs/cgroup/x"}});
  REQUIRE(config.has_value());
  CHECK(config->script_programs == std::vector<std::string>{"make", "/usr/bin/python3"});
  CHECK(config->script_cgroup == "/sys/fs/cgroup/x");
  CHECK(make_config({})->script_programs.empty());
}

TEST_CASE("origins are a list, or a star", "[config]") {
  CHECK(make_config({})->cors_origins.empty());
  CHECK(make_config({{"TASK_CORS_ORIGINS", "https://a.example, http://localhost:8080"}})->cors_origins ==
        std::vector<std::string>{"https://a.example", "http://localhost:8080"});
  CHECK(make_config({{"TASK_CORS_ORIGINS", "*"}})->cors_origins == std::vector<std::string>{"*"});
  CHECK(mistake({{"TASK_CORS_ORIGINS", "null"}}).starts_with("TASK_CORS_ORIGINS: "));
}

TEST_CASE("plugins are a list of files", "[config]") {
  CHECK(make_config({{"TASK_PLUGINS", "a.so, /b/c.so"}})->plugins ==
        std::vector<std::filesystem::path>{"a.so", "/b/c.so"});
}

TEST_CASE("the store's file lies in the data directory unless it is absolute", "[config]") {
  CHECK(make_config({{"TASK_DATA_DIR", "/d"}})->store_file == "/d/tasks.db");
  CHECK(make_config({{"TASK_DATA_DIR", "/d"}, {"TASK_STORE", "sqlite:x.db"}})->store_file == "/d/x.db");
  CHECK(make_config({{"TASK_DATA_DIR", "/d"}, {"TASK_STORE", "sqlite:/e/x.db"}})->store_file == "/e/x.db");
}

TEST_CASE("addresses to listen on", "[config]") {
  CHECK(parse_listen("[::1]:80")->host == "::1");
  CHECK(parse_listen(":80")->host == "0.0.0.0");
  CHECK(parse_listen("localhost:0")->port == 0);
  for (const char* bad : {"", "80", "::1:80", "h:", "h:65536", "h:-1", "h:8x", "[::1]", "a/b:1"}) {
    INFO(bad);
    CHECK_FALSE(parse_listen(bad));
  }
}

TEST_CASE("the life of a token is a number with a unit", "[config]") {
  CHECK(parse_ttl("90")->count() == 90);
  CHECK(parse_ttl("90s")->count() == 90);
  CHECK(parse_ttl("15m")->count() == 900);
  CHECK(parse_ttl("1h")->count() == 3600);
  CHECK(parse_ttl("7d")->count() == 604800);
  for (const char* bad : {"", "h", "0", "-1h", "1w", "1.5h", "99999999999999999999d", "9223372036854775807d"}) {
    INFO(bad);
    CHECK_FALSE(parse_ttl(bad));
  }
}

TEST_CASE("only patterns for task switch debugging on", "[config]") {
  CHECK(make_config({{"DEBUG", "task:*"}})->debug.match("task:http"));
  CHECK(make_config({{"DEBUG", "express,task:engine"}})->debug.match("task:engine"));
  CHECK(make_config({{"DEBUG", "*"}})->debug.match("task:http"));
  CHECK_FALSE(make_config({{"DEBUG", "express:*"}})->debug.match("task:http"));
}

TEST_CASE("metrics and the log are as they are told to be", "[config]") {
  CHECK(make_config({{"TASK_LOG_FORMAT", "json"}})->log_format == LogFormat::json);
  CHECK(make_config({{"TASK_METRICS_ACCESS", "admin"}})->metrics_need_admin);
}
