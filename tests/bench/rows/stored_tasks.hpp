// A store with many tasks whose instants lie months ahead: how it is made, and what it costs a fresh process.
#pragma once

#include <cstdint>
#include <string>

namespace bench {

/// Adds so many to the SQLite store at `path`. Gives the seconds that it took.
double fill_store(const std::string& path, std::size_t count, std::uint64_t seed);

struct Fresh {
  double start_seconds = 0;  ///< From the constructor to start's return.
  double megabytes = 0;      ///< Growth of the process's resident memory.
  double idle_share = 0;     ///< Of one processor.
  double stored = 0;         ///< Tasks.
};

/// What a process of its own that opens the store sees. Throws when it fails.
Fresh look_from_fresh_process(const std::string& path, double idle_seconds);

}  // namespace bench
