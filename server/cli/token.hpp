// `taskd token`: prints a token that a server on the same secret takes.
#pragma once

#include <iosfwd>

#include "auth/jwt.hpp"
#include "cli/arguments.hpp"
#include "config.hpp"

namespace taskd {

/// The secret that the settings name, else the data directory's, made where there is none.
taskcore::Result<DataDirSecret> find_secret(const Config& config);

/// What tokens must be, by these settings.
JwtPolicy jwt_policy(const Config& config, Secret secret);

/// The command. Gives the exit code.
int run_token(const TokenCommand& command, const Config& config, std::ostream& out, std::ostream& err);

}  // namespace taskd
