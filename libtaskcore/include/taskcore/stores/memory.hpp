// A store in memory: for tests, and for programs whose tasks need not outlive them.
#pragma once

#include <memory>

#include "taskcore/store.hpp"

namespace taskcore {

/// The rows of an in-memory store. Kept apart from the store, so that they can outlive it, and be shared by several
/// nodes in one process as a database would be.
class MemoryDatabase;

std::shared_ptr<MemoryDatabase> make_memory_database();

/// A store with a database of its own.
std::unique_ptr<Store> memory();

/// A store on `database`. `shared`: other stores may be open on it at the same time, so leases decide who is alive.
std::unique_ptr<Store> memory(std::shared_ptr<MemoryDatabase> database, bool shared = false);

}  // namespace taskcore
