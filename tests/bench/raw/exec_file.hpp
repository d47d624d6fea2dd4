// What a Node program has for this: child_process.execFile.
#pragma once

#include <cstddef>
#include <optional>

namespace bench {

/// Runs of /bin/true a second, `in_flight` at a time, in a fresh Node. Nothing when there is no node on the PATH.
std::optional<double> exec_files_per_second(std::size_t total, std::size_t in_flight);

}  // namespace bench
