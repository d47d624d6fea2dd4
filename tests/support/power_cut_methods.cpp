// The methods for names and content. Each locks the file system, counts the call, and does it in memory.
#include "support/power_cut_methods.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "support/power_cut_handle.hpp"

namespace taskcore::power {
namespace {

PowerCutVfs& disk_of(sqlite3_vfs* vfs) { return *static_cast<PowerCutVfs*>(vfs->pAppData); }

/// By the file's identity.
std::map<const DiskFile*, std::weak_ptr<Shared>> shared_by_file;

std::shared_ptr<Shared> shared_of(const DiskFile* file) {
  std::erase_if(shared_by_file, [](const auto& entry) { return entry.second.expired(); });
  auto shared = shared_by_file[file].lock();
  if (!shared) shared_by_file[file] = shared = std::make_shared<Shared>();
  return shared;
}

constexpr sqlite3_io_methods kMethods{2,
                                      VfsMethods::close,
                                      VfsMethods::read,
                                      VfsMethods::write,
                                      VfsMethods::truncate,
                                      VfsMethods::sync,
                                      VfsMethods::file_size,
                                      VfsMethods::lock,
                                      VfsMethods::unlock,
                                      VfsMethods::check_reserved,
                                      VfsMethods::control,
                                      VfsMethods::sector_size,
                                      VfsMethods::traits,
                                      VfsMethods::shm_map,
                                      VfsMethods::shm_lock,
                                      VfsMethods::shm_barrier,
                                      VfsMethods::shm_unmap,
                                      nullptr,
                                      nullptr};

}  // namespace

void VfsMethods::install(sqlite3_vfs& vfs) {
  vfs.szOsFile = static_cast<int>(sizeof(Handle));
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
}

int VfsMethods::open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  PowerCutVfs& disk = disk_of(vfs);
  file->pMethods = nullptr;
  const MethodLock lock(disk.mutex_);
  if (const int code = disk.enter(Call::open, flags); code != SQLITE_OK) return code;
  // The store has made an empty database file before, on the real disk.
  const bool may_create = (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) != 0;
  std::shared_ptr<DiskFile> content = name != nullptr ? disk.disk_.find(name) : std::make_shared<DiskFile>();
  if (!content && !may_create) return SQLITE_CANTOPEN;
  auto* handle = new (file) Handle{};
  if (!content) {
    content = disk.disk_.create(name);
    handle->new_name = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  }
  handle->vfs = &disk;
  handle->name = name != nullptr ? name : "";
  handle->shared = shared_of(content.get());
  handle->file = std::move(content);
  handle->generation = disk.generation_;
  handle->type = flags;
  handle->goes_when_closed = name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  handle->base.pMethods = &kMethods;
  if (out != nullptr) *out = flags;
  return SQLITE_OK;
}

int VfsMethods::remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  PowerCutVfs& disk = disk_of(vfs);
  const MethodLock lock(disk.mutex_);
  const std::string_view ending(name);
  const int type = ending.ends_with("-wal") ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_JOURNAL;
  if (const int code = disk.enter(Call::remove, type); code != SQLITE_OK) return code;
  if (!disk.disk_.find(name)) return SQLITE_IOERR_DELETE_NOENT;
  disk.disk_.remove(name);
  if (sync_directory != 0) disk.disk_.sync_directory();
  return SQLITE_OK;
}

int VfsMethods::access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  PowerCutVfs& disk = disk_of(vfs);
  const MethodLock lock(disk.mutex_);
  if (const int code = disk.enter(Call::access, 0); code != SQLITE_OK) return code;
  const auto file = disk.disk_.find(name);
  // As on unix, a file that is empty does not exist: a journal may have been left so.
  *out = file && (flags != SQLITE_ACCESS_EXISTS || !file->content().empty()) ? 1 : 0;
  return SQLITE_OK;
}

int VfsMethods::close(sqlite3_file* file) {
  Handle& handle = handle_of(file);
  PowerCutVfs& disk = *handle.vfs;
  const MethodLock lock(disk.mutex_);
  unmap(handle);
  handle.shared->locks.unlock(&handle, handle.level, SQLITE_LOCK_NONE);
  if (handle.goes_when_closed && handle.generation == disk.generation_ && !disk.dark_) disk.disk_.remove(handle.name);
  handle.~Handle();
  return SQLITE_OK;
}

int VfsMethods::read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  return call(file, Call::read, [&](Handle& handle) {
    const std::string& content = handle.file->content();
    const auto from = std::min(static_cast<std::size_t>(offset), content.size());
    const auto wanted = static_cast<std::size_t>(size);
    const auto got = std::min(wanted, content.size() - from);
    std::memcpy(data, content.data() + from, got);
    std::memset(static_cast<char*>(data) + got, 0, wanted - got);
    return got == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  });
}

int VfsMethods::write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  Handle& handle = handle_of(file);
  const MethodLock lock(handle.vfs->mutex_);
  if (handle.generation != handle.vfs->generation_) return SQLITE_IOERR;
  bool half_done = false;
  const int code = handle.vfs->enter(Call::write, handle.type, &half_done);
  // A write that fails may have got some way; one that the power goes in was on its way as a whole.
  if (code != SQLITE_OK && !half_done) return code;
  if (half_done && !handle.vfs->dark_) size /= 2;
  handle.file->write(static_cast<std::size_t>(offset),
                     std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)));
  return code;
}

int VfsMethods::truncate(sqlite3_file* file, sqlite3_int64 size) {
  return call(file, Call::truncate, [&](Handle& handle) {
    handle.file->truncate(static_cast<std::size_t>(size));
    return SQLITE_OK;
  });
}

int VfsMethods::sync(sqlite3_file* file, int) {
  return call(file, Call::sync, [&](Handle& handle) {
    handle.file->sync();
    handle.vfs->disk_.sync_name(handle.name, handle.file);
    if (std::exchange(handle.new_name, false)) handle.vfs->disk_.sync_directory();
    return SQLITE_OK;
  });
}

int VfsMethods::file_size(sqlite3_file* file, sqlite3_int64* size) {
  return call(file, Call::size, [&](Handle& handle) {
    *size = static_cast<sqlite3_int64>(handle.file->content().size());
    return SQLITE_OK;
  });
}

int VfsMethods::control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int VfsMethods::sector_size(sqlite3_file*) { return static_cast<int>(kSector); }

int VfsMethods::traits(sqlite3_file* file) {
  return handle_of(file).vfs->powersafe_overwrite_ ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

}  // namespace taskcore::power
