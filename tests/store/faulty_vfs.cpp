// The pass-through: a file is a header with our methods, followed by the real file.
#include "faulty_vfs.hpp"

#include <atomic>

namespace taskcore::store_test {
namespace {

std::atomic<int> write_code{SQLITE_OK};
std::atomic<int> writes_left{0};
std::atomic<int> sync_code{SQLITE_OK};
std::atomic<int> sync_count{0};
sqlite3_vfs* real_vfs = nullptr;

struct File {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }
const sqlite3_io_methods* on(sqlite3_file* file) { return real(file)->pMethods; }

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (write_code != SQLITE_OK && --writes_left < 0) return write_code;
  return on(file)->xWrite(real(file), data, size, offset);
}
int sync(sqlite3_file* file, int flags) {
  ++sync_count;
  return sync_code != SQLITE_OK ? sync_code.load() : on(file)->xSync(real(file), flags);
}
int close(sqlite3_file* file) { return on(file)->xClose(real(file)); }
int read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  return on(file)->xRead(real(file), data, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) { return on(file)->xTruncate(real(file), size); }
int file_size(sqlite3_file* file, sqlite3_int64* size) { return on(file)->xFileSize(real(file), size); }
int lock(sqlite3_file* file, int kind) { return on(file)->xLock(real(file), kind); }
int unlock(sqlite3_file* file, int kind) { return on(file)->xUnlock(real(file), kind); }
int check_lock(sqlite3_file* file, int* out) { return on(file)->xCheckReservedLock(real(file), out); }
int control(sqlite3_file* file, int op, void* arg) { return on(file)->xFileControl(real(file), op, arg); }
int sector_size(sqlite3_file* file) { return on(file)->xSectorSize(real(file)); }
int traits(sqlite3_file* file) { return on(file)->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return on(file)->xShmMap(real(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return on(file)->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { on(file)->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return on(file)->xShmUnmap(real(file), remove); }

constexpr sqlite3_io_methods kMethods{2,        close,       read,       write,   truncate,    sync,   file_size,
                                      lock,     unlock,      check_lock, control, sector_size, traits, shm_map,
                                      shm_lock, shm_barrier, shm_unmap,  nullptr, nullptr};

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  const int code = real_vfs->xOpen(real_vfs, name, real(file), flags, out);
  // Without methods SQLite does not close the file; the real one closed it itself.
  file->pMethods = on(file) != nullptr ? &kMethods : nullptr;
  return code;
}

}  // namespace

FaultyVfs::FaultyVfs() {
  real_vfs = sqlite3_vfs_find(nullptr);
  vfs_ = *real_vfs;
  vfs_.szOsFile = real_vfs->szOsFile + static_cast<int>(sizeof(File));
  vfs_.zName = "taskcore-faulty";
  vfs_.xOpen = open;
  fail_writes(SQLITE_OK);
  fail_syncs(SQLITE_OK);
  sync_count = 0;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_vfs, 1);
}

void FaultyVfs::fail_writes(int code, int after) {
  writes_left = after;
  write_code = code;
}

void FaultyVfs::fail_syncs(int code) { sync_code = code; }

int FaultyVfs::syncs() const { return sync_count; }

}  // namespace taskcore::store_test
