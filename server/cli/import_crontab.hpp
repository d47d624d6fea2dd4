// `taskd import-crontab`: a crontab in, task bodies out, as `POST /api/tasks` takes them.
#pragma once

#include <iosfwd>
#include <string>

#include "cli/arguments.hpp"

namespace taskd {

/// Reads `in` and writes one JSON object a line. What cannot be taken over goes to `err` with its line number; then the
/// result, an exit code, is 1. `default_timezone` only checks what has no zone of its own.
int import_crontab(std::istream& in, const ImportCrontabCommand& command, const std::string& default_timezone,
                   std::ostream& out, std::ostream& err);

/// The command: the same for its file, or for standard input where that is "-".
int run_import_crontab(const ImportCrontabCommand& command, const std::string& default_timezone, std::istream& in,
                       std::ostream& out, std::ostream& err);

}  // namespace taskd
