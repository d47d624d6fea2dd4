// Starting Node.js with its descriptors in place: 0 is the program's text, 1 and 2 are pipes, 3 is a socket for
// messages, 4 ends when the server does. Watching it: node_process.cpp.
#pragma once

#include <sys/types.h>

#include <string_view>

#include "file.hpp"
#include "taskcore/result.hpp"

namespace taskd {

/// The server's ends, all closed on exec.
struct SpawnedNode {
  pid_t pid = 0;
  File process{};  ///< A pidfd.
  File channel{};
  File output{};
  File error{};
  File lifeline{};
};

/// Starts `node`, else `nodejs`, in a session of its own, with nothing of the server's environment but PATH, HOME,
/// LANG, TZ and NODE_…. Errors: `not_found` (no Node.js in PATH), `unavailable`.
taskcore::Result<SpawnedNode> spawn_node(std::string_view program);

}  // namespace taskd
