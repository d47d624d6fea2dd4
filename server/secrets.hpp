// The secrets that tasks may ask for: TASK_SECRET_NAME in the environment, and the files of TASK_SECRETS_DIR.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "taskcore/options.hpp"

namespace taskd {

using Secrets = std::map<std::string, std::string, std::less<>>;

/// The variables TASK_SECRET_NAME by their names behind the prefix. They are taken out of the environment, and their
/// memory is wiped. Before any thread is started.
Secrets take_environment_secrets();

/// A file of `directory` that has the name, without the line's end at its end, else a variable's value. A file is read
/// whenever it is asked for, so a new value needs no restart. `directory` may be empty: no files.
taskcore::SecretSource secret_source(std::filesystem::path directory, Secrets variables);

}  // namespace taskd
