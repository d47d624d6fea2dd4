// `taskd serve`: puts store, scheduler, interface and listener together, and takes them apart again in order.
#pragma once

#include "config.hpp"
#include "secrets.hpp"

namespace taskd {

/// Runs until SIGTERM or SIGINT and gives the exit code. A failed start is one line on standard error.
int run_serve(const Config& config, const Secrets& secrets);

}  // namespace taskd
