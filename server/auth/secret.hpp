// The key that signs tokens: where it comes from and how it is kept out of sight.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "taskcore/result.hpp"

namespace taskd {

/// HS256 takes keys of at least the hash's size (RFC 7518 3.2).
inline constexpr std::size_t kMinSecretBytes = 32;

/// Bytes that are wiped when they are no longer needed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  Secret(const Secret& other) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();

  std::string_view bytes() const noexcept { return bytes_; }
  bool empty() const noexcept { return bytes_.empty(); }

 private:
  std::string bytes_;
};

/// Overwrites `size` bytes at `text` in a way that the compiler keeps.
void wipe(char* text, std::size_t size) noexcept;

/// Takes a variable out of the environment for good: child processes do not get it, and the memory behind
/// /proc/self/environ, which unsetenv leaves as it is, is overwritten. Call it before other threads start.
std::optional<std::string> take_environment(const char* name);

/// Keeps other processes of the same user from reading this one's memory and environment through /proc or ptrace, and
/// its memory out of core dumps. Children make none either, unless they raise their limit.
void hide_process_memory() noexcept;

/// Checks the length and wraps it. `source` names the setting in the error.
taskcore::Result<Secret> make_secret(std::string bytes, std::string_view source);

/// Reads a secret file; one newline at its end does not count.
taskcore::Result<Secret> read_secret_file(const std::filesystem::path& path, std::string_view source);

struct DataDirSecret {
  Secret secret;
  bool created = false;  ///< This is the first start.
};

/// The secret of a data directory; makes a random one (mode 0600, whole or not at all) where there is none.
taskcore::Result<DataDirSecret> load_or_create_secret(const std::filesystem::path& data_dir);

/// Where load_or_create_secret keeps it.
std::filesystem::path secret_path(const std::filesystem::path& data_dir);

}  // namespace taskd
