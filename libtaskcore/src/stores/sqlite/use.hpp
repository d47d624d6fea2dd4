// One use of a statement: bind its parameters in order, step, read its columns in order.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "db.hpp"
#include "taskcore/store.hpp"

namespace taskcore::sqlite_store {

/// The largest value of an enum that is stored as a number; a larger one in the file means damage.
template <class Enum>
constexpr int kLargest = 0;
template <>
inline constexpr int kLargest<Status> = static_cast<int>(Status::cancelled);
template <>
inline constexpr int kLargest<Priority> = static_cast<int>(Priority::high);
template <>
inline constexpr int kLargest<RunState> = static_cast<int>(RunState::cancelled);
template <>
inline constexpr int kLargest<Trigger> = static_cast<int>(Trigger::retry_now);
template <>
inline constexpr int kLargest<AttemptStatus> = static_cast<int>(AttemptStatus::interrupted);
template <>
inline constexpr int kLargest<LogLevel> = static_cast<int>(LogLevel::error);
template <>
inline constexpr int kLargest<LogStream> = static_cast<int>(LogStream::stderr_);

/// Text that is stored even when it is empty; other empty text is stored as NULL, which takes no room.
struct Text {
  std::string_view value;
};

/// Of a number that is stored as NULL when it is 0.
constexpr std::optional<std::int64_t> unless_zero(std::int64_t value) {
  return value != 0 ? std::optional(value) : std::nullopt;
}

/// The statement is reset when the use ends. Bound text must live until then. The first failure sticks: later steps
/// give no rows, and `failure` tells.
class Use {
 public:
  template <class... Values>
  explicit Use(Stmt& stmt, const Values&... values) : stmt_(stmt), code_(stmt.prepare()) {
    if (code_ == SQLITE_OK) (bind(values), ...);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { sqlite3_reset(stmt_.handle()); }

  template <class... Values>
  void bind_all(const Values&... values) {
    if (code_ == SQLITE_OK) (bind(values), ...);
  }
  /// The same for text that does not live until the use ends.
  void bind_copy(const std::string& text) {
    if (text.empty()) return bind_null();
    check(sqlite3_bind_text64(stmt_.handle(), ++bound_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  void bind(std::int64_t value) { check(sqlite3_bind_int64(stmt_.handle(), ++bound_, value)); }
  void bind(TimePoint value) { bind(value.time_since_epoch().count()); }
  void bind(Text text) {
    check(sqlite3_bind_text64(stmt_.handle(), ++bound_, text.value.data() != nullptr ? text.value.data() : "",
                              text.value.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind(std::string_view text) { text.empty() ? bind_null() : bind(Text{text}); }
  void bind(const std::string& text) { bind(std::string_view(text)); }
  void bind(const SharedText& text) { bind(text.view()); }
  template <class Value>
  void bind(const std::optional<Value>& value) {
    value ? bind(*value) : bind_null();
  }
  template <class Value>
  requires std::integral<Value> || std::is_enum_v<Value>
  void bind(Value value) { bind(static_cast<std::int64_t>(value)); }

  /// Whether there is a next row.
  bool next() {
    if (code_ != SQLITE_OK) return false;
    got_ = 0;
    const int code = sqlite3_step(stmt_.handle());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) check(code);
    return false;
  }

  template <class... Values>
  void get(Values&... values) {
    (read(values), ...);
  }
  template <class Value>
  Value get() {
    Value value{};
    read(value);
    return value;
  }

  void check(int code) {
    if (code_ == SQLITE_OK) code_ = code;
  }
  int code() const noexcept { return code_; }
  bool failed() const noexcept { return code_ != SQLITE_OK; }
  Error failure() const {
    stmt_.db().note(code_);
    return stmt_.db().error(code_);
  }

  /// For statements that write.
  Result<void> run() {
    next();
    if (failed()) return failure();
    return {};
  }
  /// How many rows it wrote.
  Result<std::size_t> count() {
    next();
    if (failed()) return failure();
    return static_cast<std::size_t>(sqlite3_changes64(stmt_.db().handle()));
  }

  /// For statements that read: every row, as `f(use)` makes it.
  template <class F>
  auto all(F f) -> Result<std::vector<decltype(f(*this))>> {
    std::vector<decltype(f(*this))> rows;
    while (next()) rows.push_back(f(*this));
    if (failed()) return failure();
    return rows;
  }
  /// The first row, or none.
  template <class F>
  auto first(F f) -> Result<std::optional<decltype(f(*this))>> {
    std::optional<decltype(f(*this))> row;
    if (next()) row = f(*this);
    if (failed()) return failure();
    return row;
  }

 private:
  void bind_null() { check(sqlite3_bind_null(stmt_.handle(), ++bound_)); }

  bool is_null() const { return sqlite3_column_type(stmt_.handle(), got_) == SQLITE_NULL; }
  void read(std::string& text) { text = text_here(); }
  void read(SharedText& text) { text = text_here(); }
  void read(std::string_view& text) { text = text_here(); }
  /// Good until the next step.
  std::string_view text_here() {
    const bool stored = !is_null();
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(stmt_.handle(), got_));
    // Null is NULL, or text for which there was no memory; then the size is not that of what is here.
    if (bytes == nullptr && stored) check(SQLITE_NOMEM);
    const int size = sqlite3_column_bytes(stmt_.handle(), got_++);
    return bytes != nullptr ? std::string_view(bytes, static_cast<std::size_t>(size)) : std::string_view();
  }
  void read(TimePoint& value) { value = TimePoint(Duration(sqlite3_column_int64(stmt_.handle(), got_++))); }
  template <class Value>
  void read(std::optional<Value>& value) {
    if (is_null()) {
      value.reset();
      ++got_;
    } else {
      read(value.emplace());
    }
  }
  template <class Value>
  requires std::integral<Value>
  void read(Value& value) { value = static_cast<Value>(sqlite3_column_int64(stmt_.handle(), got_++)); }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void read(Enum& value) {
    const std::int64_t stored = sqlite3_column_int64(stmt_.handle(), got_++);
    if (stored < 0 || stored > kLargest<Enum>) return check(SQLITE_CORRUPT);
    value = static_cast<Enum>(stored);
  }

  Stmt& stmt_;
  int code_;
  int bound_ = 0;
  int got_ = 0;
};

}  // namespace taskcore::sqlite_store
