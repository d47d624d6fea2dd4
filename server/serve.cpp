// `taskd serve`: see serve.hpp. Threads: one for the scheduler's executor, a few for HTTP, and the main thread, which
// waits for signals. Reads block an HTTP thread for their microseconds; writes never do.
#include "serve.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <thread>

#include "api/app.hpp"
#include "auth/secret.hpp"
#include "auth_options.hpp"
#include "cli/arguments.hpp"
#include "functions/function_module.hpp"
#include "http/listener.hpp"
#include "log.hpp"
#include "loop.hpp"
#include "plugins/load.hpp"
#include "serve_options.hpp"
#include "taskcore/executors/http.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskd {

namespace asio = boost::asio;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

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
  Server(const Config& config, const Secrets& secrets)
      : config_(config), secrets_(secrets), signals_(control_, SIGTERM, SIGINT) {}
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
  void on_signal(int count);
  void part_done();

  const Config config_;
  const Secrets secrets_;
  asio::io_context control_;  ///< Of the main thread.
  asio::signal_set signals_;
  Loop engine_loop_{1};
  std::shared_ptr<FunctionModule> functions_;
  std::unique_ptr<taskcore::Scheduler> scheduler_;
  std::shared_ptr<void> logged_events_;
  Loop http_loop_{http_threads()};
  std::shared_ptr<Listener> listener_;
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
  auto tokens = make_token_check(
      config_, [](const std::string& fault) { log_warning("auth", fault + "; what was read before stays in force"); });
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
  listener_ = Listener::make(http_loop_.context, http_options(config_),
                             with_arrivals(make_app(api, app_options(std::move(tokens->policy)))));
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
  greet(config_, url_of(config_.listen, listener_->port()), tokens->secret_created);
  return {};
}

int Server::run() {
  on_signal(0);
  control_.run();
  return exit_code_;
}

/// Waits for the next signal. The first drains, the second ends the children at once.
void Server::on_signal(int count) {
  signals_.async_wait([this, count](const boost::system::error_code& ec, int) {
    if (ec) return;
    on_signal(count + 1);
    if (count > 0) return scheduler_->hurry();
    log_info("taskd", "stopping");
    flush_log();
    stopping_ = true;
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
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // A file that may not grow is a disk that is full.
  open_log(config.log_format, config.debug);
  int exit_code = 0;
  {
    Server server(config, secrets);
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
