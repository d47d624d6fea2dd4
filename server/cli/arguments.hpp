// The command line, read into plain values. It and client_arguments are the one place that knows CLI11.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "cli/client_arguments.hpp"
#include "secrets.hpp"

namespace taskd {

struct ServeCommand {};

struct TokenCommand {
  std::string sub;
  std::string role;
  std::string ttl;
};

struct NextCommand {
  std::string schedule;
  std::string timezone;
  std::string from;
  std::string count;
  bool batch = false;
  bool explain = false;
  std::string calendar{};       ///< A file; see read_calendar_file().
  std::string on_closed_day{};  ///< "skip" or "next_working_day"; empty is the former.
};

struct ImportCrontabCommand {
  std::string file;      ///< "-" is standard input.
  std::string timezone;  ///< Where the crontab names none; empty leaves it to the server.
  bool system = false;   ///< With a column of users, as in /etc/crontab.
};

struct CheckCommand {};

struct BackupCommand {
  std::string file;
  bool force = false;  ///< A file that is there may go.
};

struct RestoreCommand {
  std::string file;
};

struct Arguments {
  std::variant<ServeCommand, TokenCommand, NextCommand, ImportCrontabCommand, CheckCommand, BackupCommand,
               RestoreCommand, ClientCommand>
      command;
  std::map<std::string, std::string, std::less<>> settings;  ///< Of a server, by name: flag, else environment.
  Secrets secrets;                                           ///< For tasks.
};

/// Exit codes of taskd.
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;

/// Reads the arguments, and takes the settings' variables out of the environment where they are secret. Help, version
/// and mistakes are printed at once: then `exit_code` is set and the result is none.
std::optional<Arguments> read_arguments(int argc, char** argv, int& exit_code);

}  // namespace taskd
