// The lock that makes one store the owner of a database file.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

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
  /// The owner's id stays in the file unless it leaves a database that is in order.
  void release(bool in_order = false) noexcept;

  /// Whether the owner before this one left without saying that all is in order.
  bool was_left() const noexcept { return was_left_; }

 private:
  int fd_ = -1;
  bool was_left_ = false;
};

/// Opens `path` for writing, makes it with mode 0600 if it is not there, and closes it again. Errors: as above, in
/// words that say what to do; also when it `must_be_new` and is not.
Result<void> make_file(const std::string& path, bool must_be_new = false);

/// The name without links and relative parts: one file has one name, and so one lock.
std::string true_path(const std::string& path);

/// Which file a name stands for.
using FileId = std::pair<dev_t, ino_t>;
std::optional<FileId> file_id(const std::string& path) noexcept;

/// Makes what was written to a file, or to the names in a directory, outlive a power cut.
Result<void> sync_path(const std::string& path);

/// Errors: `unavailable`, when the file lies where shared memory and locks do not work between hosts.
Result<void> check_file_system(const std::string& path);

}  // namespace taskcore::sqlite_store
