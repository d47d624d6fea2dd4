// The methods for locks and for shared memory.
#include <atomic>

#include "support/power_cut_handle.hpp"

namespace taskcore::power {

int VfsMethods::lock(sqlite3_file* file, int level) {
  return call(file, Call::lock,
              [&](Handle& handle) { return handle.shared->locks.lock(&handle, handle.level, level); });
}

int VfsMethods::unlock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  const MethodLock lock(handle.vfs->mutex_);
  handle.shared->locks.unlock(&handle, handle.level, level);
  return SQLITE_OK;
}

int VfsMethods::check_reserved(sqlite3_file* file, int* out) {
  return call(file, Call::lock, [&](Handle& handle) {
    *out = handle.shared->locks.reserved() ? 1 : 0;
    return SQLITE_OK;
  });
}

int VfsMethods::shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  *out = nullptr;
  return call(file, Call::shared_memory, [&](Handle& handle) {
    if (!std::exchange(handle.maps, true)) ++handle.shared->mappers;
    *out = handle.shared->memory.map(region, size, extend != 0);
    return SQLITE_OK;
  });
}

int VfsMethods::shm_lock(sqlite3_file* file, int first, int count, int flags) {
  Handle& handle = handle_of(file);
  const MethodLock lock(handle.vfs->mutex_);
  const bool locks = (flags & SQLITE_SHM_LOCK) != 0;
  const bool dead = handle.generation != handle.vfs->generation_ || handle.vfs->dark_;
  if (locks && dead) return SQLITE_IOERR_SHMLOCK;
  return handle.shared->memory.lock(handle.held, first, count, flags);
}

void VfsMethods::shm_barrier(sqlite3_file* file) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const MethodLock lock(handle_of(file).vfs->mutex_);
}

int VfsMethods::shm_unmap(sqlite3_file* file, int) {
  Handle& handle = handle_of(file);
  const MethodLock lock(handle.vfs->mutex_);
  unmap(handle);
  return SQLITE_OK;
}

}  // namespace taskcore::power
