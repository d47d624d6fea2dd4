// A file system for SQLite, in memory, whose power can go at any call: it then comes back with what a disk with a
// volatile cache may have kept. Calls can also be made to fail, one by one. It is the process's default while it lives.
//
// The store's own lock file and the empty database file that it makes lie beside, on the real disk.
#pragma once

#include <sqlite3.h>

#include <mutex>
#include <optional>
#include <string>

#include "support/volatile_disk.hpp"

namespace taskcore::power {

/// What a call does; the later ones change the disk.
enum class Call { open, access, size, read, lock, shared_memory, write, truncate, sync, remove };

/// Which calls count towards the one that the power goes in.
enum class Moment {
  any_change,       ///< Every write, truncation, sync and deletion.
  database_change,  ///< Those on the database file itself: of a checkpoint, mostly.
};

/// One at a time; made before the stores that shall use it, and outliving them. Usable from any thread.
class PowerCutVfs {
 public:
  /// `powersafe_overwrite` is a promise to SQLite, and is then kept.
  explicit PowerCutVfs(bool powersafe_overwrite = false);
  ~PowerCutVfs();
  PowerCutVfs(const PowerCutVfs&) = delete;
  PowerCutVfs& operator=(const PowerCutVfs&) = delete;

  /// The power goes in the `nth` such call from now on; 0: in none. What that call writes is as unsure as the rest.
  void cut_in(std::uint64_t nth, Moment moment = Moment::any_change);
  /// The power goes now.
  void go_dark();
  bool is_dark() const;
  /// The call that the power went in, for example "wal sync"; empty when it was told to go between two.
  std::string died_in() const;
  /// The power comes back. What was open stays dead; it must not be closed after this.
  CutReport restore(std::uint64_t seed);
  /// Both.
  CutReport cut(std::uint64_t seed);

  /// The `nth` call from now on, or the nth of one kind, fails as it would on a bad disk, once or with all that follow;
  /// 0: none.
  void fail_in(std::uint64_t nth, bool from_then_on = false, std::optional<Call> kind = {});
  /// Whether a call has failed since; and which, for example "wal write".
  bool has_failed() const;
  std::string failed_in() const;

  VolatileDisk::Image image() const;
  /// Nothing may be open.
  void load(const VolatileDisk::Image& image);

 private:
  friend struct VfsMethods;
  /// Counts a call. SQLITE_OK when it may go on. `half_done` is set when it is the one that fails or that the power
  /// goes in; the later ones do nothing.
  int enter(Call call, int file_type, bool* half_done = nullptr);

  mutable std::mutex mutex_{};
  VolatileDisk disk_{};
  sqlite3_vfs vfs_{};
  sqlite3_vfs* real_ = nullptr;
  bool powersafe_overwrite_;
  bool dark_ = false;
  std::uint64_t generation_ = 0;  ///< Handles of an earlier one are dead.
  std::uint64_t until_cut_ = 0;
  Moment cut_moment_ = Moment::any_change;
  std::string died_in_{};
  std::uint64_t until_failure_ = 0;
  bool keeps_failing_ = false;
  std::optional<Call> failing_kind_{};
  std::string failed_in_{};
};

}  // namespace taskcore::power
