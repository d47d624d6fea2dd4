// Log: see log.hpp.
#include "log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <mutex>
#include <string>

#include "text/utf8.hpp"

namespace taskd {

using taskcore::LogLevel;

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

/// Set once, before other threads start.
struct Settings {
  LogFormat format = LogFormat::text;
  DebugNames debug{};
};

Settings& settings_in_force() {
  static Settings settings;
  return settings;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

std::string_view in_json(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      break;
  }
  return "error";
}

/// JSON is UTF-8: other bytes are shown as question marks.
std::string as_utf8(std::string_view text) {
  std::string out(text);
  if (is_utf8(out)) return out;
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return out;
}

void write(LogLevel level, std::string_view component, std::string_view message,
           const boost::json::object& fields = {}) {
  if (level == LogLevel::debug && !debugs(component)) return;
  auto* const logger = spdlog::default_logger_raw();
  if (settings_in_force().format == LogFormat::text) {
    return logger->log(to_spdlog(level), "{}: {}", component, message);
  }
  const auto now = std::chrono::time_point_cast<taskcore::Duration>(std::chrono::system_clock::now());
  logger->log(to_spdlog(level), spdlog::string_view_t(json_line(now, level, component, message, fields)));
}

class EngineLog final : public taskcore::Logger {
 public:
  void write(LogLevel level, std::string_view component, std::string_view message) override {
    taskd::write(level, component, message);
  }
};

}  // namespace

void open_log(LogFormat format, DebugNames debug) {
  settings_in_force() = {format, std::move(debug)};
  const char* const pattern = format == LogFormat::json ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %L %v";
  auto logger = std::make_shared<spdlog::logger>("taskd", the_sink());
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
  spdlog::flush_every(std::chrono::seconds(1));
}

void release_log() { the_sink()->release(); }

bool debugs(std::string_view component) noexcept {
  const DebugNames& names = settings_in_force().debug;
  return !names.empty() && names.match("task:" + std::string(component));
}

void log_debug(std::string_view component, std::string_view message) { write(LogLevel::debug, component, message); }
void log_info(std::string_view component, std::string_view message) { write(LogLevel::info, component, message); }
void log_warning(std::string_view component, std::string_view message) { write(LogLevel::warn, component, message); }
void log_error(std::string_view component, std::string_view message) { write(LogLevel::error, component, message); }
void log_fields(std::string_view component, std::string_view message, const boost::json::object& fields) {
  write(LogLevel::info, component, message, fields);
}
void flush_log() { spdlog::default_logger_raw()->flush(); }

std::string json_line(taskcore::TimePoint time, LogLevel level, std::string_view component, std::string_view message,
                      const boost::json::object& fields) {
  boost::json::object line{{"time", taskcore::format_time(time)},
                           {"level", in_json(level)},
                           {"component", component},
                           {"message", as_utf8(message)}};
  for (const auto& [name, value] : fields) {
    line.emplace(name, value.is_string() ? boost::json::value(as_utf8(value.get_string())) : value);
  }
  return boost::json::serialize(line);
}

std::shared_ptr<taskcore::Logger> engine_log() { return std::make_shared<EngineLog>(); }

}  // namespace taskd
