// A value that is made of a file, and made anew when the file has changed, without a restart.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "auth/text_file.hpp"
#include "taskcore/result.hpp"

namespace taskd {

template <class T>
class WatchedFile {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Errors say what is wrong with the text; the file's name comes before that by itself.
  using Parse = std::function<taskcore::Result<T>(const TextFile&)>;
  using OnFault = std::function<void(const std::string&)>;

  struct Options {
    std::string setting{};  ///< Whose value the path is; errors begin with it.
    std::filesystem::path path{};
    std::size_t limit = 0;  ///< Of the file's bytes.
    Parse parse{};
    OnFault on_fault{};  ///< A new version of the file is of no use: once for each reason.
    Clock clock{};
  };

  explicit WatchedFile(Options options) : options_(std::move(options)) {}

  /// The first reading. Errors: `invalid`, one line.
  taskcore::Result<void> open() {
    const std::lock_guard looking(looking_);
    next_look_ = options_.clock() + kPause;
    return read();
  }

  /// The value of the newest good version; looks at the file at most once a second. From any thread, after `open`.
  std::shared_ptr<const T> value() {
    if (const std::unique_lock looking(looking_, std::try_to_lock); looking) look();
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  static constexpr std::chrono::seconds kPause{1};

  void look() {
    const auto now = options_.clock();
    if (now < next_look_) return;
    next_look_ = now + kPause;
    if (seen_ && stamp_of(options_.path) == seen_) return;
    const auto done = read();
    const std::string fault = done ? std::string() : done.error().detail;
    if (!done && fault != fault_) options_.on_fault(fault);
    fault_ = fault;
  }

  taskcore::Result<void> read() {
    seen_.reset();
    const auto refuse = [&](const std::string& why) {
      return taskcore::fail(taskcore::Errc::invalid, options_.setting + ": " + why);
    };
    const auto file = read_text_file(options_.path, options_.limit);
    if (!file) return refuse(file.error().detail);
    seen_ = file->stamp;
    auto parsed = options_.parse(*file);
    if (!parsed) return refuse(options_.path.string() + ": " + parsed.error().detail);
    auto value = std::make_shared<const T>(std::move(*parsed));
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
    return {};
  }

  const Options options_;
  std::mutex looking_{};  ///< Held by the one who looks at the file; others go on with the value that is there.
  std::chrono::steady_clock::time_point next_look_{};
  std::optional<FileStamp> seen_{};  ///< Of the version that was read last, good or not.
  std::string fault_{};
  std::mutex mutex_{};  ///< Guards value_.
  std::shared_ptr<const T> value_{};
};

}  // namespace taskd
