// The methods that SQLite calls; see power_cut_vfs.hpp.
#pragma once

#include <sqlite3.h>

namespace taskcore::power {

class PowerCutVfs;

struct VfsMethods {
  static void install(sqlite3_vfs& vfs);

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out);
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory);
  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* out);

  static int close(sqlite3_file* file);
  static int read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset);
  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset);
  static int truncate(sqlite3_file* file, sqlite3_int64 size);
  static int sync(sqlite3_file* file, int flags);
  static int file_size(sqlite3_file* file, sqlite3_int64* size);
  static int lock(sqlite3_file* file, int level);
  static int unlock(sqlite3_file* file, int level);
  static int check_reserved(sqlite3_file* file, int* out);
  static int control(sqlite3_file* file, int what, void* argument);
  static int sector_size(sqlite3_file* file);
  static int traits(sqlite3_file* file);
  static int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out);
  static int shm_lock(sqlite3_file* file, int first, int count, int flags);
  static void shm_barrier(sqlite3_file* file);
  static int shm_unmap(sqlite3_file* file, int remove);

 private:
  /// Calls `f(handle)` with the file system locked, if the call may go on; else gives why not.
  template <class Kind, class F>
  static int call(sqlite3_file* file, Kind kind, F f);
};

}  // namespace taskcore::power
