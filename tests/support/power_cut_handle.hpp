// An open file, and how its methods enter the file system.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "support/calm.hpp"
#include "support/file_locks.hpp"
#include "support/power_cut_methods.hpp"
#include "support/power_cut_vfs.hpp"

namespace taskcore::power {

/// What the connections to one file share, for as long as one of them has it open.
struct Shared {
  FileLocks locks{};
  SharedMemory memory{};
  int mappers = 0;
};

/// What a method holds; exceptions must not pass through SQLite.
class MethodLock {
 public:
  explicit MethodLock(std::mutex& mutex) : lock_(mutex) {}

 private:
  Calm calm_{};
  std::lock_guard<std::mutex> lock_;
};

/// In the room that SQLite gives a file.
struct Handle {
  sqlite3_file base{};
  PowerCutVfs* vfs = nullptr;
  std::string name{};
  std::shared_ptr<DiskFile> file{};
  std::shared_ptr<Shared> shared{};
  std::uint64_t generation = 0;
  int type = 0;
  int level = SQLITE_LOCK_NONE;
  SharedMemory::Held held{};
  bool maps = false;
  bool new_name = false;  ///< The first sync of such a log or journal syncs the directory too, as on unix.
  bool goes_when_closed = false;
};

inline void unmap(Handle& handle) {
  Shared& shared = *handle.shared;
  shared.memory.release(handle.held);
  // The index goes with its last user: whoever comes next makes it anew from the log.
  if (std::exchange(handle.maps, false) && --shared.mappers == 0) shared.memory = {};
}

inline Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

template <class Kind, class F>
int VfsMethods::call(sqlite3_file* file, Kind kind, F f) {
  Handle& handle = handle_of(file);
  const MethodLock lock(handle.vfs->mutex_);
  if (handle.generation != handle.vfs->generation_) return SQLITE_IOERR;
  if (const int code = handle.vfs->enter(kind, handle.type); code != SQLITE_OK) return code;
  return f(handle);
}

}  // namespace taskcore::power
