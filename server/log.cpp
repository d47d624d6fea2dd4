// Log: see log.hpp.
#include "log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <mutex>
#include <string>

namespace taskd {

namespace {

/// spdlog's own sinks for standard error flush at each line, which would cost a system call a request.
class BufferedStderr final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ~BufferedStderr() override { write_out(); }

  void release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    write_out();
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    buffer_.append(line.data(), line.size());
    if (buffer_.size() > kFull) write_out();
  }
  void flush_() override { write_out(); }

 private:
  static constexpr std::size_t kFull = 32 * 1024;

  void write_out() {
    if (held_) return;
    std::string_view rest(buffer_);
    while (!rest.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written <= 0) break;  // Nobody to tell.
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
  }

  std::string buffer_;
  bool held_ = true;
};

const std::shared_ptr<BufferedStderr>& the_sink() {
  static const auto sink = std::make_shared<BufferedStderr>();
  return sink;
}

void write(spdlog::level::level_enum level, std::string_view component, std::string_view message) {
  spdlog::default_logger_raw()->log(level, "{}: {}", component, message);
}

class EngineLog final : public taskcore::Logger {
 public:
  void write(taskcore::LogLevel level, std::string_view component, std::string_view message) override {
    using taskcore::LogLevel;
    const auto to = level == LogLevel::debug  ? spdlog::level::debug
                    : level == LogLevel::info ? spdlog::level::info
                    : level == LogLevel::warn ? spdlog::level::warn
                                              : spdlog::level::err;
    taskd::write(to, component, message);
  }
};

}  // namespace

void open_log(bool debug) {
  auto logger = std::make_shared<spdlog::logger>("taskd", the_sink());
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %L %v", spdlog::pattern_time_type::utc));
  logger->set_level(debug ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
  spdlog::flush_every(std::chrono::seconds(1));
}

void release_log() { the_sink()->release(); }

void log_info(std::string_view component, std::string_view message) { write(spdlog::level::info, component, message); }
void log_warning(std::string_view component, std::string_view message) {
  write(spdlog::level::warn, component, message);
}
void log_error(std::string_view component, std::string_view message) { write(spdlog::level::err, component, message); }
void flush_log() { spdlog::default_logger_raw()->flush(); }

std::shared_ptr<taskcore::Logger> engine_log() { return std::make_shared<EngineLog>(); }

}  // namespace taskd
