#include "executors/script_executor.hpp"

#include <algorithm>
#include <filesystem>

#include "executors/script_attempt.hpp"
#include "executors/script_config.hpp"
#include "executors/script_environment.hpp"
#include "executors/script_programs.hpp"
#include "executors/supervisor_path.hpp"

namespace taskcore {
namespace {

namespace fs = std::filesystem;

class ScriptExecutor final : public Executor {
 public:
  explicit ScriptExecutor(const Options& options)
      : supervisor_(find_supervisor(options.supervisor_path)),
        directory_(options.script_directory),
        root_(options.script_root),
        max_output_(options.max_output),
        programs_(options.script_programs) {
    if (!options.script_cgroup.empty()) groups_ = std::make_shared<ScriptGroups>(options.script_cgroup, supervisor_);
  }

  std::string_view type() const noexcept override { return "script"; }

  Result<void> validate(const boost::json::object& config) const override {
    const auto read = read_script_config(config);
    if (!read) return read.error();
    if (auto program = find_program(read->script); !program) return program.error();
    return check_cwd(read->script.cwd);
  }

  Result<void> open() override {
    if (auto checked = programs_.check(); !checked) return checked;
    return groups_ ? groups_->open() : Result<void>();
  }

  void start(std::shared_ptr<RunContext> context, RunCompletion done) override {
    auto config = read_script_config(context->config());
    if (!config) return done(Outcome::failure("bad_config", config.error().detail, false));
    if (auto inside = check_cwd(config->script.cwd); !inside)
      return done(Outcome::failure("bad_cwd", inside.error().detail, false));
    auto program = find_program(config->script);
    if (!program) return done(Outcome::failure("program_refused", program.error().detail, false));
    ChildSpec spec = child_spec(config->script, std::move(*program), *context);
    auto attempt =
        std::make_shared<ScriptAttempt>(std::move(context), std::move(done), std::move(*config), max_output_, groups_);
    attempt->start(std::move(spec));
  }

 private:
  /// The shell where one is asked for, else the command; as far as both are allowed.
  Result<std::string> find_program(const Script& script) const {
    return script.shell ? programs_.find_shell() : programs_.find(script.command, full_cwd(script.cwd));
  }

  ChildSpec child_spec(const Script& script, std::string program, RunContext& context) const {
    ChildSpec spec;
    spec.command = std::move(program);
    spec.args = script.args;
    if (script.shell) {
      std::string line = script.command;
      for (const std::string& arg : script.args) line += " " + arg;
      spec.args = {"-c", std::move(line)};
    }
    spec.env = script_environment(script, context);
    spec.cwd = full_cwd(script.cwd).string();
    spec.stdin_data = script.stdin_text;
    spec.kill_grace = context.kill_grace();
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
  const ScriptPrograms programs_;
  std::shared_ptr<ScriptGroups> groups_{};
};

}  // namespace

std::shared_ptr<Executor> make_script_executor(const Options& options) {
  return std::make_shared<ScriptExecutor>(options);
}

}  // namespace taskcore
