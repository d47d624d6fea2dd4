// The processes that work on one store, as the store knows them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "taskcore/time.hpp"

namespace taskcore {

/// One life of a process: started again, it is another node.
struct Node {
  std::string name;                        ///< As Attempt and Run name it.
  std::optional<TimePoint> lease_until{};  ///< Until then it is believed alive; none: it has no lease, for lack of need
                                           ///< on a store that one process has for itself, else because it is gone.
  std::size_t running = 0;                 ///< Runs that it has in hand.
  bool is_self = false;                    ///< It is this process.
};

}  // namespace taskcore
