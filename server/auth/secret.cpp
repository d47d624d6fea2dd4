// The signing key: see secret.hpp.
#include "auth/secret.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "auth/base64url.hpp"
#include "file.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxSecretFile = 64 * 1024;

std::string why() { return std::strerror(errno); }

/// A new secret under a name of its own, then linked to `path`: link fails where another start was quicker, and a
/// crash in between leaves no half-written secret.
Result<void> create(const std::filesystem::path& path) {
  unsigned char random[48];
  if (RAND_bytes(random, sizeof random) != 1)
    return fail(Errc::internal, "cannot get random bytes for the token secret");
  std::string text = base64url_encode({reinterpret_cast<const char*>(random), sizeof random}) + "\n";
  OPENSSL_cleanse(random, sizeof random);

  const std::string temporary = path.string() + ".new." + std::to_string(::getpid());
  const File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail(Errc::unavailable, "TASK_DATA_DIR: cannot create " + path.string() + ": " + why());
  const bool written =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file.get()) == 0;
  wipe(text.data(), text.size());
  const bool linked = written && (::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const std::string reason = linked ? std::string() : why();
  ::unlink(temporary.c_str());
  if (!linked) return fail(Errc::unavailable, "TASK_DATA_DIR: cannot write " + path.string() + ": " + reason);
  const File dir(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir) ::fsync(dir.get());
  return {};
}

}  // namespace

Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_.data(), other.bytes_.size()); }

Secret& Secret::operator=(Secret other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

Secret::~Secret() { wipe(bytes_.data(), bytes_.size()); }

void wipe(char* text, std::size_t size) noexcept {
  if (size > 0) OPENSSL_cleanse(text, size);
}

std::optional<std::string> take_environment(const char* name) {
  char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::string copy(value);
  wipe(value, copy.size());
  ::unsetenv(name);
  return copy;
}

void hide_process_memory() noexcept {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  rlimit cores{};
  ::getrlimit(RLIMIT_CORE, &cores);
  cores.rlim_cur = 0;
  ::setrlimit(RLIMIT_CORE, &cores);
}

Result<Secret> make_secret(std::string bytes, std::string_view source) {
  if (bytes.size() < kMinSecretBytes) {
    const std::size_t size = bytes.size();
    wipe(bytes.data(), size);
    return fail(Errc::invalid, std::string(source) + ": the secret has " + std::to_string(size) +
                                   " bytes; HS256 needs at least " + std::to_string(kMinSecretBytes));
  }
  return Secret(std::move(bytes));
}

Result<Secret> read_secret_file(const std::filesystem::path& path, std::string_view source) {
  const std::string name = std::string(source) + ": ";
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(Errc::invalid, name + "cannot read " + path.string() + ": " + why());
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return fail(Errc::invalid, name + path.string() + " is not a regular file");
  }
  if ((info.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    return fail(Errc::invalid, name + path.string() + " can be read or written by everyone; chmod 600 it");
  }
  std::string bytes(kMaxSecretFile, '\0');
  const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
  if (size < 0) return fail(Errc::invalid, name + "cannot read " + path.string() + ": " + why());
  bytes.resize(static_cast<std::size_t>(size));
  if (!bytes.empty() && bytes.back() == '\n') bytes.pop_back();
  return make_secret(std::move(bytes), name + path.string());
}

std::filesystem::path secret_path(const std::filesystem::path& data_dir) { return data_dir / "jwt.secret"; }

Result<DataDirSecret> load_or_create_secret(const std::filesystem::path& data_dir) {
  const auto path = secret_path(data_dir);
  DataDirSecret out;
  std::error_code ec;
  std::filesystem::create_directories(data_dir, ec);
  if (ec) return fail(Errc::unavailable, "TASK_DATA_DIR: cannot create " + data_dir.string() + ": " + ec.message());
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) {
    if (auto made = create(path); !made) return made.error();
    out.created = true;
  }
  auto secret = read_secret_file(path, "TASK_DATA_DIR");
  if (!secret) return secret.error();
  out.secret = std::move(*secret);
  return out;
}

}  // namespace taskd
