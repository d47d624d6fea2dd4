// Result<T>: a value or an Error, by boost::system::result. `value()` on an error throws ResultError.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <utility>

#include "taskcore/error.hpp"

namespace taskcore {

/// What `Result<T>::value()` throws when there is no value.
class ResultError : public std::runtime_error {
 public:
  explicit ResultError(Error error) : std::runtime_error(error.detail), error_(std::move(error)) {}
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw ResultError(error);
}

/// A value of type T, or an Error. Converts to bool; `*result` is the value, `result.error()` the error.
template <class T>
using Result = boost::system::result<T, Error>;

/// Makes an Error without field errors.
inline Error fail(Errc code, std::string detail) { return Error{code, std::move(detail), {}}; }

/// Makes an `invalid` Error that points at one field.
inline Error invalid(std::string pointer, std::string detail) {
  std::string text = pointer.empty() ? detail : pointer + ": " + detail;
  return Error{Errc::invalid, std::move(text), {FieldError{std::move(pointer), std::move(detail)}}};
}

}  // namespace taskcore
