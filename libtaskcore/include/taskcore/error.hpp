// What can go wrong, as values. Expected failures travel in Result<T> (result.hpp); nothing here throws.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace taskcore {

/// The kind of a failure: what a caller can branch on. `Error::detail` says what happened, in words.
enum class Errc {
  invalid,         ///< A value is wrong; `Error::fields` points at each one.
  not_found,       ///< No such task or run.
  conflict,        ///< The id is taken, or the version has moved on.
  cycle,           ///< The dependencies would form a cycle; the detail spells it out.
  has_dependents,  ///< Others depend on the task that is to be removed.
  stale,           ///< A late writer: the run has moved on under another fence.
  over_quota,      ///< Its creator would have more than Options::quota allows; the detail says of what.
  overloaded,      ///< A bounded queue is full; try again later.
  unavailable,     ///< The store cannot be used at present; nothing was written.
  storage_full,    ///< The disk is full; reads go on.
  corrupt,         ///< The store is damaged.
  locked,          ///< Another process owns the store.
  would_deadlock,  ///< A blocking call was made from the engine's own thread.
  stopped,         ///< The scheduler has been stopped.
  timeout,         ///< A wait ran out of time.
  internal,        ///< A defect in taskcore.
};

/// The code's name in lower case with underscores, for example "not_found".
std::string_view to_string(Errc code) noexcept;

/// One wrong value: where it is (a JSON pointer, RFC 6901, such as "/retry/maxDelay") and what would be right.
struct FieldError {
  std::string pointer;
  std::string detail;
};

/// A failure. `detail` is one sentence that names the field and the fix; `fields` points at each wrong value, if any.
struct Error {
  Errc code = Errc::internal;
  std::string detail{};
  std::vector<FieldError> fields{};
};

/// Writes "code: detail".
std::ostream& operator<<(std::ostream& out, const Error& error);

}  // namespace taskcore
