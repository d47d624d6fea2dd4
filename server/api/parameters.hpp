// Query parameters of lists and logs, strictly: what is unknown, doubled or malformed is a 400 that names it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/problem.hpp"
#include "http/target.hpp"
#include "taskcore/log.hpp"
#include "taskcore/run.hpp"
#include "taskcore/task.hpp"

namespace taskd {

/// Reads one request's parameters; the first mistake is kept and told by `problem`.
class Parameters {
 public:
  /// `known`: every name that this call takes.
  Parameters(const Query& query, std::initializer_list<std::string_view> known);

  /// None where all is well so far.
  std::optional<Problem> problem() const { return problem_; }

  /// Empty when it is absent.
  std::string text(std::string_view name);

  /// Refused when it is absent or empty.
  std::string required(std::string_view name);

  /// One of `words`; empty when it is absent.
  std::string choice(std::string_view name, std::initializer_list<std::string_view> words);

  /// From 1 to `most`.
  std::size_t number(std::string_view name, std::size_t absent, std::size_t most);

  /// Comma lists and repetitions together.
  std::vector<std::string> list(std::string_view name);

  std::vector<taskcore::Status> statuses(std::string_view name);
  std::vector<taskcore::Priority> priorities(std::string_view name);
  std::vector<taskcore::Trigger> triggers(std::string_view name);
  taskcore::LogLevel level(std::string_view name);
  std::optional<taskcore::TimePoint> time(std::string_view name);
  bool flag(std::string_view name);

  /// 1 to 1000, 50 when absent.
  std::size_t limit();

  /// `sort`: true for "createdAt", false for "-createdAt" and when absent.
  bool oldest_first();

 private:
  void refuse(std::string_view name, const std::string& what);

  const Query& query_;
  std::optional<Problem> problem_;
};

/// The problem of a call that takes nothing: no parameters, and at most an empty object.
std::optional<Problem> refuse_arguments(const Request& request);

/// What a failed read means when the caller's query may be to blame: its `invalid` is a 400.
Problem query_problem(const taskcore::Error& error);

}  // namespace taskd
