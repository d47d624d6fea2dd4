// The lock that makes one store the owner of a database file.
#pragma once

#include <string>

#include "taskcore/result.hpp"

namespace taskcore::sqlite_store {

/// Holds "<path>.lock", locked, until it is released or the process ends, however it ends. The file itself stays: to
/// remove it would let two owners lock two files of one name.
class LockFile {
 public:
  LockFile() = default;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile() { release(); }

  /// Errors: `locked`, with the owner's process id; `unavailable`, `storage_full`.
  Result<void> acquire(const std::string& path);
  void release() noexcept;

 private:
  int fd_ = -1;
};

/// Opens `path` for writing, makes it with mode 0600 if it is not there, and closes it again. Errors: as above, in
/// words that say what to do.
Result<void> make_file(const std::string& path);

/// Errors: `unavailable`, when the file lies where shared memory and locks do not work between hosts.
Result<void> check_file_system(const std::string& path);

}  // namespace taskcore::sqlite_store
