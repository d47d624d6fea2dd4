// `taskd serve`: see serve.hpp. Threads: one for the scheduler's executor, a few for HTTP, and the main thread, which
// waits for signals. Reads block an HTTP thread for their microseconds; writes never do.
#include "serve.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <iostream>
#include <thread>

#include "api/app.hpp"
#include "auth/secret.hpp"
#include "auth_options.hpp"
#include "cli/arguments.hpp"
#include "functions/function_module.hpp"
#include "http/listener.hpp"
#include "http/tls_certificate.hpp"
#include "log.hpp"
#include "loop.hpp"
#include "plugins/load.hpp"
#include "serve_options.hpp"
#include "service_manager.hpp"
#include "taskcore/executors/http.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskd {

namespace asio = boost::asio;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

/// What a stop may take beyond the grace of the runs, as systemd is told.
constexpr std::chrono::seconds kStopReserve{15};

/// A connection is a descriptor, and the usual 1,024 are soon used up.
void raise_file_limit() noexcept {
  constexpr rlim_t kEnough = 16'384;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= kEnough) return;
  files.rlim_cur = std::min(files.rlim_max, kEnough);
  ::setrlimit(RLIMIT_NOFILE, &files);
}

unsigned http_threads() { return std::clamp(std::thread::hardware_concurrency(), 2U, 8U); }

void greet(const Config& config, const std::string& url, bool first_start) {
  std::cout << "taskd listens on " << url << "\n";
  if (first_start) {
    std::cout << "A token secret was made in " << secret_path(config.data_dir).string() << ".\n"
              << "Get a token: taskd token --data-dir " << config.data_dir.string() << " --sub NAME --role admin\n";
  }
  std::cout.flush();
}

/// For DEBUG=task:http: a line when a request comes, before it is answered; likewise without headers, query and body.
Handler with_arrivals(Handler next) {
  if (!debugs("http")) return next;
  return [next = std::move(next)](std::shared_ptr<Request> request, Reply reply) {
    log_debug("http", std::string(to_string(request->method)) + " " + request->path + " has come from " +
                          request->remote_address);
    next(std::move(request), std::move(reply));
  };
}

class Server {
 public:
  Server(const Config& config, const Secrets& secrets, ServiceManager manager)
      : config_(config), secrets_(secrets), manager_(std::move(manager)), signals_(control_, SIGTERM, SIGINT, SIGHUP) {}
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Result<void> start();

  /// Until the end; gives the exit code.
  int run();

 private:
  AppOptions app_options(JwtPolicy policy);
  Result<void> add_functions();
  Result<void> add_plugins();
  void log_events();
  void watch_signals(bool stopping);
  void stop();
  void reload();
  void look_at_certificate();
  void tell_alive();
  void part_done();

  const Config config_;
  const Secrets secrets_;
  const ServiceManager manager_;
  asio::io_context control_;  ///< Of the main thread.
  asio::signal_set signals_;
  asio::steady_timer daily_{control_};
  Loop engine_loop_{1};
  asio::steady_timer alive_timer_{engine_loop_.context};
  std::shared_ptr<FunctionModule> functions_;
  std::unique_ptr<taskcore::Scheduler> scheduler_;
  std::shared_ptr<void> logged_events_;
  Loop http_loop_{http_threads()};
  std::shared_ptr<TlsCertificate> certificate_;  ///< Null: plain HTTP.
  std::shared_ptr<Listener> listener_;
  std::string status_;  ///< For systemd.
  std::atomic<bool> stopping_{false};
  int parts_left_ = 2;  ///< Listener and scheduler.
  int exit_code_ = 0;
};

/// The scheduler goes while both contexts are still there: what it has to say last is posted to them.
Server::~Server() {
  http_loop_.stop();
  scheduler_.reset();
  if (functions_) functions_->stop();
  engine_loop_.stop();
}

AppOptions Server::app_options(JwtPolicy policy) {
  AppOptions options;
  options.jwt = std::make_shared<const Jwt>(std::move(policy));
  if (config_.rate_limit > 0) options.limiter = std::make_shared<RateLimiter>(config_.rate_limit);
  options.on_access = [json = config_.log_format == LogFormat::json](const AccessRecord& record) {
    if (!record.refusal.empty()) log_debug("auth", "request " + record.request_id + ": " + record.refusal);
    if (json) return log_fields("http", "request", access_fields(record));
    log_info("http", format_access_line(record));
  };
  options.metrics_need_admin = config_.metrics_need_admin;
  options.cors_origins = config_.cors_origins;
  options.is_stopping = [this] { return stopping_.load(std::memory_order_relaxed); };
  return options;
}

Result<void> Server::add_functions() {
  if (config_.functions.empty()) return {};
  FunctionModule::Options options;
  options.file = config_.functions;
  options.max_output = config_.max_output;
  options.log = [log = engine_log()](taskcore::LogLevel level, std::string_view text) {
    log->write(level, "functions", text);
  };
  functions_ = FunctionModule::make(engine_loop_.context.get_executor(), std::move(options));
  auto names = functions_->load();
  if (!names) return fail(names.error().code, "TASK_FUNCTIONS: " + names.error().detail);
  functions_->add_to(*scheduler_, *names);
  return {};
}

Result<void> Server::add_plugins() {
  for (const auto& file : config_.plugins) {
    const auto loaded = load_plugin(file, *scheduler_);
    if (!loaded) return fail(loaded.error().code, "TASK_PLUGINS: " + loaded.error().detail);
    log_info("plugins", file.string() + " is loaded");
  }
  return {};
}

/// Each change of a task or a run, for DEBUG=task:scheduler.
void Server::log_events() {
  if (!debugs("scheduler")) return;
  logged_events_ = scheduler_->on_event([](const taskcore::Event& event) {
    std::string line(taskcore::to_string(event.type));
    line += " task=" + event.task_id;
    if (!event.run_id.empty()) line += " run=" + event.run_id;
    line += " status=" + std::string(taskcore::to_string(event.status));
    log_debug("scheduler", line);
  });
}

Result<void> Server::start() {
  if (auto made = make_data_dir(config_); !made) return made;
  auto tokens = make_token_check(config_, [](const std::string& fault) { log_warning("auth", fault); });
  if (!tokens) return tokens.error();
  auto options = scheduler_options(config_);
  if (!options) return options.error();
  options->secrets = secret_source(config_.secrets_dir, secrets_);

  scheduler_ = std::make_unique<taskcore::Scheduler>(
      engine_loop_.context.get_executor(),
      taskcore::sqlite(
          taskcore::SqliteOptions{.path = config_.store_file.string(), .check_after_crash = config_.check_after_crash}),
      std::move(*options));
  if (auto added = taskcore::add_http_executors(*scheduler_, {.outbound_allow = config_.outbound_allow}); !added) {
    return fail(Errc::invalid, "TASK_OUTBOUND_ALLOW: " + added.error().fields.at(0).detail);
  }
  auto api = std::make_shared<Api>(Api{*scheduler_, http_loop_.context.get_executor(), config_.script_roles,
                                       [](std::string_view id, std::string_view what) {
                                         log_error("http", "request " + std::string(id) + ": " + std::string(what));
                                       }});
  auto http = http_options(config_);
  if (!http) return http.error();
  certificate_ = http->tls;
  auto app = app_options(std::move(tokens->policy));
  app.trusted_proxies = http->trusted_proxies;
  listener_ = Listener::make(http_loop_.context, std::move(*http), with_arrivals(make_app(api, std::move(app))));
  // The address before the scheduler: a start that fails there must not have run anything.
  if (const auto ec = listener_->bind(config_.listen.host, config_.listen.port)) {
    return fail(Errc::unavailable, "TASK_LISTEN: cannot listen on " + config_.listen.host + ":" +
                                       std::to_string(config_.listen.port) + ": " + ec.message());
  }
  if (auto added = add_functions(); !added) return added;
  if (auto added = add_plugins(); !added) return added;
  log_events();
  if (auto started = scheduler_->start(); !started) return as_setting(started.error());
  release_log();
  listener_->accept_connections();
  const std::string url = url_of(config_, listener_->port());
  greet(config_, url, tokens->secret_created);
  if (certificate_) look_at_certificate();
  if (manager_.alive_every()) tell_alive();
  status_ = "Listening on " + url;
  manager_.ready(status_);
  return {};
}

int Server::run() {
  watch_signals(false);
  control_.run();
  return exit_code_;
}

/// Waits for the next signal. The first that ends drains, the second ends the children at once.
void Server::watch_signals(bool stopping) {
  signals_.async_wait([this, stopping](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    watch_signals(stopping || signal != SIGHUP);
    if (signal != SIGHUP) return stopping ? scheduler_->hurry() : stop();
    if (!stopping) reload();
  });
}

void Server::stop() {
  log_info("taskd", "stopping");
  flush_log();
  stopping_ = true;
  manager_.stopping(config_.shutdown_grace + kStopReserve);
  listener_->drain(config_.shutdown_grace, [this] { asio::post(control_, [this] { part_done(); }); });
  scheduler_->async_stop(config_.shutdown_grace, [this](const Result<void>& stopped) {
    asio::post(control_, [this, stopped] {
      if (!stopped) {
        exit_code_ = kExitFailure;
        log_error("taskd", "stop: " + stopped.error().detail);
      }
      part_done();
    });
  });
}

/// Certificate and key: what else may change while we serve is looked at by itself.
void Server::reload() {
  manager_.reloading();
  if (!certificate_) {
    log_info("taskd", "reload: nothing to do without TLS");
  } else if (const auto read = certificate_->reload(); read) {
    log_info("tls", "the certificate is read anew; it is good until " + certificate_->end());
    look_at_certificate();
  } else {
    log_warning("tls", read.error().detail + "; the certificate that was read before stays in force");
  }
  flush_log();
  manager_.ready(status_);
}

/// Now, and once a day.
void Server::look_at_certificate() {
  const auto warning =
      certificate_->warning(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  if (!warning.empty()) log_warning("tls", warning);
  daily_.expires_after(std::chrono::hours(24));
  daily_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) look_at_certificate();
  });
}

/// From the engine's loop: when that is stuck nothing is said, and systemd starts us anew.
void Server::tell_alive() {
  manager_.alive();
  alive_timer_.expires_after(*manager_.alive_every());
  alive_timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) tell_alive();
  });
}

void Server::part_done() {
  if (--parts_left_ > 0) return;
  http_loop_.stop();
  control_.stop();
}

}  // namespace

int run_serve(const Config& config, const Secrets& secrets) {
  hide_process_memory();
  raise_file_limit();
  auto manager = ServiceManager::from_environment();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // A file that may not grow is a disk that is full.
  open_log(config.log_format, config.debug);
  int exit_code = 0;
  {
    Server server(config, secrets, std::move(manager));
    if (const auto started = server.start(); started) {
      exit_code = server.run();
    } else {
      std::cerr << "taskd: " << started.error().detail << '\n';
      // A wrong setting, or an accident.
      exit_code = started.error().code == Errc::invalid ? kExitUsage : kExitFailure;
    }
  }
  flush_log();
  return exit_code;
}

}  // namespace taskd
