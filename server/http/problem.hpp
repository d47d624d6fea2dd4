// RFC 9457 problem documents: how every failure looks to a client.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "taskcore/error.hpp"

namespace taskd {

/// A failure on its way to the client.
struct Problem {
  int status = 500;
  std::string detail{};
  std::vector<taskcore::FieldError> errors{};  ///< Each wrong value, by JSON pointer.
  Headers headers{};                           ///< What goes with it, such as Retry-After.
};

/// A value or a Problem.
template <class T>
using Outcome = boost::system::result<T, Problem>;

inline Problem make_problem(int status, std::string detail) { return Problem{status, std::move(detail), {}, {}}; }

/// A 422 that points at one field.
Problem field_problem(std::string pointer, std::string detail);

/// What a store in trouble means to a client, who has no use for paths; empty for failures of other kinds.
std::string_view trouble_words(taskcore::Errc code) noexcept;

/// What a library failure means to a client. The detail of a defect or of a store in trouble is not told: the log has
/// it.
Problem to_problem(const taskcore::Error& error);

/// The response; `request_id` lets the client name this failure.
Response to_response(const Problem& problem, std::string_view request_id);

}  // namespace taskd
