// taskd: reads its arguments and hands them to the command.
#include <iostream>
#include <variant>

#include "cli/arguments.hpp"
#include "cli/client.hpp"
#include "cli/database.hpp"
#include "cli/import_crontab.hpp"
#include "cli/next.hpp"
#include "cli/token.hpp"
#include "config.hpp"
#include "serve.hpp"

namespace {

/// Runs one command with the settings in force.
struct Run {
  const taskd::Config& config;
  const taskd::Secrets& secrets;

  int operator()(const taskd::ServeCommand&) const { return taskd::run_serve(config, secrets); }
  int operator()(const taskd::TokenCommand& command) const {
    return taskd::run_token(command, config, std::cout, std::cerr);
  }
  int operator()(const taskd::NextCommand& command) const {
    return taskd::run_next(command, config.timezone, std::cin, std::cout, std::cerr);
  }
  int operator()(const taskd::ImportCrontabCommand& command) const {
    return taskd::run_import_crontab(command, config.timezone, std::cin, std::cout, std::cerr);
  }
  int operator()(const taskd::CheckCommand&) const { return taskd::run_check(config, std::cout, std::cerr); }
  int operator()(const taskd::BackupCommand& command) const {
    return taskd::run_backup(command, config, std::cout, std::cerr);
  }
  int operator()(const taskd::RestoreCommand& command) const {
    return taskd::run_restore(command, config, std::cout, std::cerr);
  }
  int operator()(const taskd::ClientCommand& command) const {
    return taskd::run_client(command, std::cin, std::cout, std::cerr);
  }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    int exit_code = 0;
    const auto arguments = taskd::read_arguments(argc, argv, exit_code);
    if (!arguments) return exit_code;
    const auto config = taskd::make_config(arguments->settings);
    if (!config) {
      std::cerr << "taskd: " << config.error().detail << '\n';
      return taskd::kExitUsage;
    }
    return std::visit(Run{*config, arguments->secrets}, arguments->command);
  } catch (const std::exception& error) {
    std::cerr << "taskd: " << error.what() << '\n';
    return taskd::kExitFailure;
  }
}
