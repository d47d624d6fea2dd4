// What the file system does as a whole; its files' methods are in power_cut_methods.cpp.
#include "support/power_cut_vfs.hpp"

#include <cerrno>

#include "support/power_cut_methods.hpp"

namespace taskcore::power {
namespace {

std::string name_of(Call call, int file_type) {
  constexpr const char* kCalls[] = {"open", "access", "size",     "read", "lock",
                                    "shm",  "write",  "truncate", "sync", "delete"};
  const char* file = "other";
  if ((file_type & SQLITE_OPEN_MAIN_DB) != 0) file = "database";
  if ((file_type & SQLITE_OPEN_WAL) != 0) file = "wal";
  if ((file_type & SQLITE_OPEN_MAIN_JOURNAL) != 0) file = "journal";
  return std::string(file) + " " + kCalls[static_cast<int>(call)];
}

int failure_of(Call call) {
  constexpr int kCodes[] = {SQLITE_CANTOPEN,    SQLITE_IOERR_ACCESS, SQLITE_IOERR_FSTAT, SQLITE_IOERR_READ,
                            SQLITE_IOERR_LOCK,  SQLITE_IOERR_SHMMAP, SQLITE_IOERR_WRITE, SQLITE_IOERR_TRUNCATE,
                            SQLITE_IOERR_FSYNC, SQLITE_IOERR_DELETE};
  return kCodes[static_cast<int>(call)];
}

}  // namespace

PowerCutVfs::PowerCutVfs(bool powersafe_overwrite)
    : real_(sqlite3_vfs_find(nullptr)), powersafe_overwrite_(powersafe_overwrite) {
  vfs_ = *real_;
  vfs_.zName = "taskcore-power-cut";
  vfs_.pAppData = this;
  VfsMethods::install(vfs_);
  sqlite3_vfs_register(&vfs_, 1);
}

PowerCutVfs::~PowerCutVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

int PowerCutVfs::enter(Call call, int file_type, bool* half_done) {
  if (dark_) return failure_of(call);
  const bool counts =
      call >= Call::write && (cut_moment_ == Moment::any_change || (file_type & SQLITE_OPEN_MAIN_DB) != 0);
  if (counts && until_cut_ > 0 && --until_cut_ == 0) {
    dark_ = true;
    died_in_ = name_of(call, file_type);
  } else if (until_failure_ == 0 || call != failing_kind_.value_or(call) || --until_failure_ > 0) {
    return SQLITE_OK;
  } else {
    if (keeps_failing_) until_failure_ = 1;
    failed_in_ = name_of(call, file_type);
  }
  if (half_done != nullptr) *half_done = true;
  errno = EIO;
  return failure_of(call);
}

void PowerCutVfs::cut_in(std::uint64_t nth, Moment moment) {
  const std::lock_guard lock(mutex_);
  until_cut_ = nth;
  cut_moment_ = moment;
}

void PowerCutVfs::go_dark() {
  const std::lock_guard lock(mutex_);
  dark_ = true;
}

bool PowerCutVfs::is_dark() const {
  const std::lock_guard lock(mutex_);
  return dark_;
}

std::string PowerCutVfs::died_in() const {
  const std::lock_guard lock(mutex_);
  return died_in_;
}

CutReport PowerCutVfs::restore(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  dark_ = false;
  died_in_.clear();
  until_cut_ = 0;
  ++generation_;
  return disk_.cut(seed, powersafe_overwrite_);
}

CutReport PowerCutVfs::cut(std::uint64_t seed) {
  go_dark();
  return restore(seed);
}

void PowerCutVfs::fail_in(std::uint64_t nth, bool from_then_on, std::optional<Call> kind) {
  const std::lock_guard lock(mutex_);
  until_failure_ = nth;
  keeps_failing_ = from_then_on;
  failing_kind_ = kind;
  failed_in_.clear();
}

bool PowerCutVfs::has_failed() const { return !failed_in().empty(); }

std::string PowerCutVfs::failed_in() const {
  const std::lock_guard lock(mutex_);
  return failed_in_;
}

VolatileDisk::Image PowerCutVfs::image() const {
  const std::lock_guard lock(mutex_);
  return disk_.image();
}

void PowerCutVfs::load(const VolatileDisk::Image& image) {
  const std::lock_guard lock(mutex_);
  disk_.load(image);
  ++generation_;
}

}  // namespace taskcore::power
