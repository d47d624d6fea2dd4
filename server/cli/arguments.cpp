// The command line: see arguments.hpp.
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <cstring>
#include <iostream>

#include "auth/secret.hpp"
#include "config.hpp"
#include "taskcore/version.hpp"

namespace taskd {

namespace {

/// The options of every setting, or of those that name the store, on one command; their texts land in `given`.
void add_settings(CLI::App& command, std::map<std::string, std::string, std::less<>>& given, bool only_store = false) {
  for (const Setting& setting : settings()) {
    if (only_store && setting.name != "TASK_DATA_DIR" && setting.name != "TASK_STORE") continue;
    std::string help(setting.help);
    if (!setting.default_value.empty()) help += " [" + std::string(setting.default_value) + "]";
    const std::string name(setting.name);
    command
        .add_option_function<std::string>(
            std::string(setting.flag), [&given, name](const std::string& value) { given[name] = value; }, help)
        ->type_name("(" + name + ")");
  }
}

/// The environment's values for settings that no flag has set. An empty variable counts as unset.
void add_environment(std::map<std::string, std::string, std::less<>>& values) {
  for (const Setting& setting : settings()) {
    const std::string name(setting.name);
    std::optional<std::string> value;
    if (setting.name == kSecretSetting) {
      value = take_environment(name.c_str());
    } else if (const char* text = std::getenv(name.c_str())) {
      value = text;
    }
    if (value && !value->empty()) values.emplace(name, std::move(*value));
  }
}

/// /proc/self/cmdline shows the arguments' memory: a secret among them is overwritten there.
void hide_secret_argument(int argc, char** argv) {
  constexpr std::string_view kFlag = "--jwt-secret";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == kFlag && i + 1 < argc) wipe(argv[i + 1], std::strlen(argv[i + 1]));
    if (argument.substr(0, kFlag.size() + 1) == "--jwt-secret=") {
      wipe(argv[i] + kFlag.size() + 1, argument.size() - kFlag.size() - 1);
    }
  }
}

}  // namespace

std::optional<Arguments> read_arguments(int argc, char** argv, int& exit_code) {
  CLI::App app("taskd: keeps tasks and runs them on time", "taskd");
  app.set_version_flag("--version", std::string("taskd ") + taskcore::kVersion);
  app.require_subcommand(1);
  Arguments out;

  CLI::App* serve = app.add_subcommand("serve", "serve the REST interface and run what is due");
  add_settings(*serve, out.settings);

  TokenCommand token;
  CLI::App* make_token = app.add_subcommand("token", "print a token for a user");
  make_token->add_option("--sub", token.sub, "the user")->required();
  make_token->add_option("--role", token.role, "admin, user or viewer")->required();
  make_token->add_option("--ttl", token.ttl, "how long it is good: 90s, 15m, 1h, 7d")->default_val("1h");
  add_settings(*make_token, out.settings);

  NextCommand next;
  CLI::App* show_next = app.add_subcommand("next", "print the next instants of a schedule");
  auto* schedule =
      show_next->add_option("--schedule", next.schedule, "such as \"daily at 9:00\" or \"30 9 * * MON-FRI\"");
  show_next->add_option("--tz", next.timezone, "IANA time zone [TASK_TIMEZONE, UTC]");
  show_next->add_option("--from", next.from, "RFC 3339 instant to start after [now]");
  show_next->add_option("--count", next.count, "how many, 1 to 10000")->default_val("1");
  auto* batch = show_next->add_flag("--batch", next.batch, "answer JSON lines from standard input");
  schedule->excludes(batch);
  show_next->add_flag("--explain", next.explain, "say the schedule in words, and why each instant is where it is")
      ->excludes(batch);
  auto* calendar = show_next->add_option("--calendar", next.calendar, "a file of closed days: JSON, or iCalendar");
  show_next->add_option("--on-closed-day", next.on_closed_day, "skip or next_working_day [skip]")
      ->check(CLI::IsMember({"skip", "next_working_day"}))
      ->needs(calendar);

  ImportCrontabCommand crontab;
  CLI::App* import = app.add_subcommand("import-crontab", "print a crontab's lines as tasks, one JSON object a line");
  import->add_option("FILE", crontab.file, "the crontab, or - for standard input")->required();
  import->add_flag("--system", crontab.system, "the form of /etc/crontab, with a column of users");
  import->add_option("--tz", crontab.timezone, "IANA time zone where the crontab sets no CRON_TZ [the server's]");

  CLI::App* check = app.add_subcommand("check", "look for damage in the store, with or without a server on it");
  add_settings(*check, out.settings, true);

  BackupCommand backup;
  CLI::App* make_backup = app.add_subcommand("backup", "copy the store to a file, with or without a server on it");
  make_backup->add_option("FILE", backup.file, "the file to make")->required();
  make_backup->add_flag("--force", backup.force, "replace the file if it is there");
  add_settings(*make_backup, out.settings, true);

  RestoreCommand restore;
  CLI::App* take_backup =
      app.add_subcommand("restore", "put a backup in the place of the store; no server may be on it");
  take_backup->add_option("FILE", restore.file, "the backup")->required();
  add_settings(*take_backup, out.settings, true);

  ClientCommand client;
  if (const char* url = std::getenv("TASK_URL"); url != nullptr && *url != '\0') client.url = url;
  if (const char* ca = std::getenv("TASK_CA"); ca != nullptr) client.ca = ca;
  add_client_commands(app, client);

  try {
    app.parse(argc, argv);
    hide_secret_argument(argc, argv);
    if (show_next->parsed() && !next.batch && schedule->count() == 0) {
      throw CLI::RequiredError("--schedule or --batch");
    }
  } catch (const CLI::Success& done) {
    exit_code = app.exit(done);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::cerr << "taskd: " << error.what() << '\n';
    exit_code = kExitUsage;
    return std::nullopt;
  }
  if (parsed_client_command(app)) {
    if (auto text = take_environment("TASK_TOKEN")) client.token = Secret(std::move(*text));
    out.command = std::move(client);
    return out;
  }
  add_environment(out.settings);
  out.secrets = take_environment_secrets();
  if (make_token->parsed()) out.command = token;
  if (show_next->parsed()) out.command = next;
  if (import->parsed()) out.command = crontab;
  if (check->parsed()) out.command = CheckCommand{};
  if (make_backup->parsed()) out.command = backup;
  if (take_backup->parsed()) out.command = restore;
  return out;
}

}  // namespace taskd
