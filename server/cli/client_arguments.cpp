// See client_arguments.hpp. Beside arguments.cpp, which it is a part of, the one place that knows CLI11.
#include "cli/client_arguments.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace taskd {

namespace {

constexpr const char* kGroup = "Of a running server";

/// A command that becomes `command.what` when it is given; its options land in the value that is handed back.
template <class Command>
CLI::App& add(CLI::App& app, ClientCommand& command, const char* name, const char* help,
              std::shared_ptr<Command>& options) {
  options = std::make_shared<Command>();
  CLI::App* added = app.add_subcommand(name, help)->group(kGroup);
  added->add_option("--url", command.url, "where the server is [TASK_URL, http://127.0.0.1:3001]");
  added->add_option("--ca", command.ca,
                    "a PEM file of the authorities that an https server is checked against [TASK_CA]");
  added->add_option("--token-file", command.token_file,
                    "a file that holds the token [TASK_TOKEN has the token itself]");
  added->add_flag("--json", command.json, "print JSON, for scripts");
  added->callback([&command, options] { command.what = *options; });
  return *added;
}

void add_list(CLI::App& app, ClientCommand& command) {
  std::shared_ptr<ListCommand> options;
  CLI::App& list = add(app, command, "list", "list tasks, the newest first", options);
  list.add_option("--status", options->status, "pending, running, completed, failed, cancelled")->join(',');
  list.add_option("--type", options->type, "such as script, api_call, webhook, custom")->join(',');
  list.add_option("--priority", options->priority, "low, normal, high")->join(',');
  list.add_option("--tag", options->tag, "with this tag")->join(',');
  list.add_option("-q", options->text, "with this text in id, name or description");
  auto* limit = list.add_option("--limit", options->limit, "how many at most, 1 to 1000")
                    ->check(CLI::Range(1, 1000))
                    ->default_val("50");
  list.add_flag("--all", options->all, "all of them")->excludes(limit);
}

void add_run(CLI::App& app, ClientCommand& command) {
  std::shared_ptr<RunCommand> options;
  CLI::App& run = add(app, command, "run", "run a task now, and print the run's id", options);
  run.add_option("ID", options->id, "of the task")->required();
  run.add_option("--params", options->params, "a JSON object for this run");
  run.add_flag("--with-dependencies", options->with_dependencies, "all that it depends on first");
  run.add_flag("--wait,!--no-wait", options->wait, "wait for its end, and print its result");
}

void add_logs(CLI::App& app, ClientCommand& command) {
  std::shared_ptr<LogsCommand> options;
  CLI::App& logs = add(app, command, "logs", "print the log of a task or a run", options);
  logs.add_option("ID", options->id, "of the task or the run")->required();
  logs.add_flag("-f,--follow", options->follow, "go on until the run has ended; of a task, until Ctrl-C");
  logs.add_option("--level", options->level, "the least level: debug, info, warn, error");
  logs.add_option("--since", options->since, "an RFC 3339 instant, or how long ago: 90s, 15m, 1h, 7d");
}

void add_files(CLI::App& app, ClientCommand& command) {
  std::shared_ptr<ApplyCommand> apply;
  add(app, command, "apply", "make tasks, or change them, to be as a JSON file has them", apply)
      .add_option("FILE", apply->file, "the file, or - for standard input")
      ->required();
  std::shared_ptr<ExportCommand> exported;
  add(app, command, "export", "print all tasks as JSON that apply and import take", exported)
      .add_option("FILE", exported->file, "where to [standard output]");
  std::shared_ptr<ImportCommand> imported;
  CLI::App& import = add(app, command, "import", "make the tasks of an export or of an old tasks.json", imported);
  import.add_option("FILE", imported->file, "the file, or - for standard input")->required();
  import.add_flag("--update", imported->update, "change those that are there already, too");
}

}  // namespace

void add_client_commands(CLI::App& app, ClientCommand& command) {
  add_list(app, command);
  std::shared_ptr<ShowCommand> show;
  add(app, command, "show", "show a task or a run", show)
      .add_option("ID", show->id, "of the task or the run")
      ->required();
  add_run(app, command);
  add_logs(app, command);
  std::shared_ptr<CancelCommand> cancel;
  add(app, command, "cancel", "cancel a run, or what runs of a task", cancel)
      .add_option("ID", cancel->id, "of the task or the run")
      ->required();
  add_files(app, command);
}

bool parsed_client_command(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return !parsed.empty() && parsed.front()->get_group() == kGroup;
}

}  // namespace taskd
