// Files of settings: see text_file.hpp.
#include "auth/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "file.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

/// Coarser than the clock of any file system in use.
constexpr std::chrono::nanoseconds kFresh = std::chrono::seconds(2);

std::int64_t nanoseconds(const timespec& at) {
  return static_cast<std::int64_t>(at.tv_sec) * 1'000'000'000 + static_cast<std::int64_t>(at.tv_nsec);
}

FileStamp to_stamp(const struct stat& info) {
  return {static_cast<std::uint64_t>(info.st_dev), static_cast<std::uint64_t>(info.st_ino),
          static_cast<std::int64_t>(info.st_size), nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
}

bool is_fresh(const FileStamp& stamp) {
  const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  return now - std::chrono::nanoseconds(stamp.modified) < kFresh;
}

/// At most `limit` bytes and one more, which tells that there are more.
std::optional<std::string> read_all(int fd, std::size_t size, std::size_t limit) {
  std::string text;
  text.reserve(std::min(size, limit) + 1);
  char chunk[16 * 1024];
  while (text.size() <= limit) {
    const ssize_t count = ::read(fd, chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    text.append(chunk, static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

std::optional<FileStamp> stamp_of(const std::filesystem::path& path) noexcept {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return to_stamp(info);
}

Result<TextFile> read_text_file(const std::filesystem::path& path, std::size_t limit) {
  const auto refuse = [&](const std::string& why) { return fail(Errc::invalid, path.string() + ": " + why); };
  // A pipe without a writer would block the opening.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return refuse(std::string("cannot be read: ") + std::strerror(errno));
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return refuse("is not a regular file");
  if ((info.st_mode & S_IWOTH) != 0) return refuse("can be written by everyone; chmod o-w it");
  auto text = read_all(file.get(), static_cast<std::size_t>(info.st_size), limit);
  if (!text) return refuse(std::string("cannot be read: ") + std::strerror(errno));
  if (text->size() > limit) return refuse("is larger than " + std::to_string(limit) + " bytes");
  TextFile out;
  out.text = std::move(*text);
  out.is_readable_by_all = (info.st_mode & S_IROTH) != 0;
  if (const FileStamp stamp = to_stamp(info); !is_fresh(stamp)) out.stamp = stamp;
  return out;
}

}  // namespace taskd
