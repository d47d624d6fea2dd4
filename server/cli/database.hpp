// `taskd check`, `taskd backup`, `taskd restore`: the care of the store's file, without asking a server.
#pragma once

#include <iosfwd>

#include "cli/arguments.hpp"
#include "config.hpp"

namespace taskd {

/// The commands. Each gives the exit code: 0, kExitUsage where the command line is wrong, else kExitFailure; a check
/// that names damage is a failure, too.
int run_check(const Config& config, std::ostream& out, std::ostream& err);
int run_backup(const BackupCommand& command, const Config& config, std::ostream& out, std::ostream& err);
int run_restore(const RestoreCommand& command, const Config& config, std::ostream& out, std::ostream& err);

}  // namespace taskd
