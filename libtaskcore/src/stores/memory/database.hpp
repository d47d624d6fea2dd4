// An in-memory database: the tables, the gate before them, and who is inside.
#pragma once

#include "gate.hpp"
#include "tables.hpp"
#include "taskcore/stores/memory.hpp"

namespace taskcore {

class MemoryDatabase {
 public:
  memory_store::Gate gate{};
  memory_store::Tables tables{};
  // Guarded by the gate.
  int open_stores = 0;
  bool owned = false;  ///< By one store alone.
};

}  // namespace taskcore
