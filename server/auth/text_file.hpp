// Small files of settings: read whole, with what tells whether they have changed since.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "taskcore/result.hpp"

namespace taskd {

/// Differs when a file has been written or replaced.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified = 0;  ///< Nanoseconds since 1970, as `changed`.
  std::int64_t changed = 0;

  bool operator==(const FileStamp&) const = default;
};

struct TextFile {
  std::string text{};
  bool is_readable_by_all = false;
  /// None while the file is so fresh that the next writing could leave the same stamp.
  std::optional<FileStamp> stamp{};
};

/// None when there is no such file, or it cannot be looked at.
std::optional<FileStamp> stamp_of(const std::filesystem::path& path) noexcept;

/// A regular file of at most `limit` bytes that not everyone can write. Errors: `invalid`, naming the file.
taskcore::Result<TextFile> read_text_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace taskd
