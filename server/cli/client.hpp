// The commands that speak to a running server.
#pragma once

#include <iosfwd>

#include "cli/client_arguments.hpp"

namespace taskd {

/// Does it; gives the exit code (client/failure.hpp). Colours and progress are for terminals, as this process has them.
int run_client(const ClientCommand& command, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace taskd
