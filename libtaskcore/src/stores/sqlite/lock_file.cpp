// Files beside and below SQLite, by system calls.
#include "lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace taskcore::sqlite_store {
namespace {

std::string folder_of(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

Error open_error(const std::string& path, int number) {
  switch (number) {
    case ENOENT:
      return fail(Errc::unavailable, path + ": the directory " + folder_of(path) + " does not exist; make it first.");
    case ENOTDIR:
      return fail(Errc::unavailable, path + ": " + folder_of(path) + " is not a directory.");
    case EISDIR:
      return fail(Errc::unavailable, path + " is a directory; name a file in it.");
    case EACCES:
    case EPERM:
      return fail(Errc::unavailable, path + ": no permission to write; the file and its directory must be writable.");
    case EROFS:
      return fail(Errc::unavailable, path + ": the file system is read-only.");
    case ENOSPC:
    case EDQUOT:
      return fail(Errc::storage_full, path + ": the disk is full.");
    default:
      return fail(Errc::unavailable, path + ": cannot be opened (" + std::strerror(number) + ").");
  }
}

/// What the owner wrote into its lock file.
std::string owner_of(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  const std::string_view owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return std::string(owner.substr(0, owner.find('\n')));
}

}  // namespace

Result<void> LockFile::acquire(const std::string& path) {
  const std::string name = path + ".lock";
  const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return open_error(name, errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int number = errno;
    const std::string owner = owner_of(fd);
    ::close(fd);
    if (number != EWOULDBLOCK) return open_error(name, number);
    return fail(Errc::locked, path + " is in use by " + (owner.empty() ? "another process" : "process " + owner) +
                                  "; a file can have one owner at a time.");
  }
  fd_ = fd;
  was_left_ = !owner_of(fd).empty();
  // The id is for messages and for the next owner's curiosity. Where the disk is full the id of before stays, so that
  // the file is never empty while it is owned.
  const std::string owner = std::to_string(::getpid()) + "\n";
  const auto size = static_cast<ssize_t>(owner.size());
  if (::pwrite(fd, owner.data(), owner.size(), 0) == size && ::ftruncate(fd, size) == 0) ::fdatasync(fd);
  return {};
}

void LockFile::release(bool in_order) noexcept {
  if (fd_ < 0) return;
  // Where it stays for want of luck, the next owner looks for damage in vain.
  if (in_order) [[maybe_unused]]
    const int cut = ::ftruncate(fd_, 0);
  ::close(fd_);
  fd_ = -1;
}

Result<void> make_file(const std::string& path, bool must_be_new) {
  struct stat there {};
  // Closing a descriptor of a database takes away all locks that this process has on it: its readers need them.
  if (!must_be_new && ::stat(path.c_str(), &there) == 0 && S_ISREG(there.st_mode) &&
      ::access(path.c_str(), R_OK | W_OK) == 0) {
    return {};
  }
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | (must_be_new ? O_EXCL : 0), 0600);
  if (fd < 0) return open_error(path, errno);
  ::close(fd);
  return {};
}

std::string true_path(const std::string& path) {
  std::error_code failed;
  const auto absolute = std::filesystem::weakly_canonical(std::filesystem::absolute(path, failed), failed);
  return failed ? path : absolute.string();
}

std::optional<FileId> file_id(const std::string& path) noexcept {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return std::nullopt;
  return FileId{file.st_dev, file.st_ino};
}

Result<void> sync_path(const std::string& path) {
  const int fd = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return open_error(path, errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0) return fail(Errc::unavailable, path + ": cannot be synced (" + std::strerror(failed) + ").");
  return {};
}

Result<void> check_file_system(const std::string& path) {
  struct Unsafe {
    std::uint32_t magic;
    const char* name;
  };
  // From statfs(2).
  constexpr std::array kUnsafe{Unsafe{0x6969, "NFS"},      Unsafe{0x517b, "SMB"}, Unsafe{0xff534d42, "CIFS"},
                               Unsafe{0xfe534d42, "SMB2"}, Unsafe{0x564c, "NCP"}, Unsafe{0x5346414f, "AFS"}};
  struct statfs where {};
  if (::statfs(folder_of(path).c_str(), &where) != 0) return {};
  for (const Unsafe& unsafe : kUnsafe) {
    if (static_cast<std::uint32_t>(where.f_type) != unsafe.magic) continue;
    return fail(Errc::unavailable, path + " lies on a network file system (" + unsafe.name +
                                       "), where SQLite cannot keep a database safe; use a local disk.");
  }
  return {};
}

}  // namespace taskcore::sqlite_store
