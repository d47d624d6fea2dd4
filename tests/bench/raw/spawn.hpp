// What the kernel does for a program run: posix_spawn, its output read from a pipe, waitpid. No supervisor, no store.
#pragma once

#include <cstddef>

namespace bench {

/// Runs of /bin/true a second, `in_flight` at a time, from one thread.
double spawns_per_second(std::size_t total, std::size_t in_flight);

}  // namespace bench
