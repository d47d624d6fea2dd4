#include "executors/script_executor.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/json/parse.hpp>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stop_token>

#include "executors/child_process.hpp"
#include "executors/line_splitter.hpp"
#include "executors/script_config.hpp"
#include "executors/script_environment.hpp"
#include "executors/supervisor_path.hpp"
#include "model/line_cost.hpp"

namespace taskcore {
namespace {

namespace fs = std::filesystem;

/// One attempt of a script. Everything happens on a strand of its own.
class ScriptAttempt : public std::enable_shared_from_this<ScriptAttempt> {
 public:
  ScriptAttempt(std::shared_ptr<RunContext> context, RunCompletion done, ScriptConfig config, std::size_t max_output)
      : strand_(boost::asio::make_strand(context->executor())),
        context_(std::move(context)),
        done_(std::move(done)),
        config_(std::move(config)),
        capture_(
            OutputLimits{.max_output = max_output, .line_cost = kLineCost},
            [this](LogStream stream, std::string_view line) { context_->output(stream, line); },
            [this](std::uint64_t bytes) {
              context_->log(LogLevel::warn,
                            "output truncated: " + std::to_string(bytes) + " bytes in the middle were dropped");
            }) {}

  void start(ChildSpec spec) {
    boost::asio::post(strand_, [self = shared_from_this(), spec = std::move(spec)] { self->spawn(spec); });
  }

 private:
  void spawn(const ChildSpec& spec) {
    auto child = ChildProcess::start(
        strand_, spec,
        [self = shared_from_this()](int stream, std::string_view bytes) {
          self->capture_.feed(stream == 2 ? LogStream::stderr_ : LogStream::stdout_, bytes);
        },
        [self = shared_from_this()](const ChildExit& exit) { self->ended(exit); });
    if (!child) {
      const Error error = child.error();
      return done_(Outcome::failure("spawn_failed", "cannot start '" + config_.script.command + "': " + error.detail,
                                    error.code != Errc::invalid));
    }
    child_ = *child;
    // The stop may come from any thread, and at once when it was asked for before.
    on_stop_.emplace(context_->stop_token(), [weak = weak_from_this()] {
      if (auto self = weak.lock()) boost::asio::post(self->strand_, [self] { self->terminate(); });
    });
  }

  void terminate() {
    if (auto child = child_.lock()) child->terminate();
  }

  void ended(const ChildExit& exit) {
    on_stop_.reset();
    capture_.finish();
    done_(outcome_of(exit));
  }

  Outcome outcome_of(const ChildExit& exit) const {
    const std::string& command = config_.script.command;
    if (exit.cwd_failed)
      return Outcome::failure("bad_cwd", "cannot enter '" + config_.script.cwd + "': " + std::strerror(exit.exec_errno),
                              false);
    if (exit.exec_errno != 0)
      return Outcome::failure("exec_failed", "cannot run '" + command + "': " + std::strerror(exit.exec_errno), false);
    if (exit.lost)
      return Outcome::failure("process_lost", "how '" + command + "' ended is not known: its supervisor is gone");
    Outcome out =
        exit.signal != 0
            ? Outcome::failure("signal", "'" + command + "' was ended by signal " + std::to_string(exit.signal))
        : exit.exit_code != 0
            ? Outcome::failure("exit_code", "'" + command + "' exited with code " + std::to_string(exit.exit_code))
            : Outcome::success(result());
    if (exit.signal != 0) out.signal = exit.signal;
    if (exit.signal == 0) out.exit_code = exit.exit_code;
    const auto& final_codes = config_.script.no_retry_exit_codes;
    if (std::find(final_codes.begin(), final_codes.end(), exit.exit_code) != final_codes.end())
      out.error.retryable = false;
    return out;
  }

  /// The JSON value on the last line of output, if that line is one.
  boost::json::value result() const {
    const auto line = capture_.last_line();
    if (!line) return nullptr;
    boost::system::error_code no_json;
    auto value = boost::json::parse(boost::json::string_view(line->data(), line->size()), no_json);
    return no_json ? boost::json::value(nullptr) : value;
  }

  boost::asio::strand<boost::asio::any_io_executor> strand_;
  std::shared_ptr<RunContext> context_;
  RunCompletion done_;
  ScriptConfig config_;
  OutputCapture capture_;
  std::weak_ptr<ChildProcess> child_{};
  std::optional<std::stop_callback<std::function<void()>>> on_stop_{};
};

class ScriptExecutor final : public Executor {
 public:
  explicit ScriptExecutor(const Options& options)
      : supervisor_(find_supervisor(options.supervisor_path)),
        directory_(options.script_directory),
        root_(options.script_root),
        max_output_(options.max_output) {}

  std::string_view type() const noexcept override { return "script"; }

  Result<void> validate(const boost::json::object& config) const override {
    const auto read = read_script_config(config);
    if (!read) return read.error();
    return check_cwd(read->script.cwd);
  }

  void start(std::shared_ptr<RunContext> context, RunCompletion done) override {
    auto config = read_script_config(context->config());
    if (!config) return done(Outcome::failure("bad_config", config.error().detail, false));
    if (auto inside = check_cwd(config->script.cwd); !inside)
      return done(Outcome::failure("bad_cwd", inside.error().detail, false));
    ChildSpec spec = child_spec(*config, *context);
    auto attempt =
        std::make_shared<ScriptAttempt>(std::move(context), std::move(done), std::move(*config), max_output_);
    attempt->start(std::move(spec));
  }

 private:
  ChildSpec child_spec(const ScriptConfig& config, RunContext& context) const {
    const Script& script = config.script;
    ChildSpec spec;
    if (script.shell) {
      std::string line = script.command;
      for (const std::string& arg : script.args) line += " " + arg;
      spec.command = "/bin/sh";
      spec.args = {"-c", std::move(line)};
    } else {
      spec.command = script.command;
      spec.args = script.args;
    }
    spec.env = script_environment(script, context);
    spec.cwd = full_cwd(script.cwd).string();
    spec.stdin_data = script.stdin_text;
    spec.kill_grace = context.kill_grace();
    spec.cpu_seconds = config.limits.cpu_seconds;
    spec.memory_bytes = config.limits.memory_bytes;
    spec.open_files = config.limits.open_files;
    spec.supervisor_path = supervisor_;
    return spec;
  }

  fs::path full_cwd(const std::string& cwd) const {
    const fs::path base = directory_.empty() ? root_ : directory_;
    return cwd.empty() ? base : base / cwd;
  }

  /// By the names as written and, where they exist, as links resolve: neither leads out of the root.
  Result<void> check_cwd(const std::string& cwd) const {
    if (root_.empty() || cwd.empty()) return {};
    std::error_code bad;
    const fs::path root = fs::weakly_canonical(root_, bad);
    const fs::path inside = fs::weakly_canonical(full_cwd(cwd), bad);
    const auto [end, rest] = std::mismatch(root.begin(), root.end(), inside.begin(), inside.end());
    if (!bad && end == root.end()) return {};
    return invalid("/config/cwd", "must lie below '" + root_ + "'");
  }

  const std::string supervisor_;
  const std::string directory_;
  const std::string root_;
  const std::size_t max_output_;
};

}  // namespace

std::shared_ptr<Executor> make_script_executor(const Options& options) {
  return std::make_shared<ScriptExecutor>(options);
}

}  // namespace taskcore
