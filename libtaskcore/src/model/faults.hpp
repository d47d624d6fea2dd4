// Gathers everything that is wrong with what someone sent, so that one answer names it all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/result.hpp"

namespace taskcore {

class Faults {
 public:
  void add(std::string pointer, std::string detail) { fields_.push_back({std::move(pointer), std::move(detail)}); }

  void add(Faults more);

  /// What is wrong with a part that stands at `parent`: its pointers begin there. An error without fields is one of the
  /// part as a whole.
  void add_below(std::string_view parent, const Error& error);

  bool empty() const noexcept { return fields_.empty(); }

  /// Success when nothing was added, else one `invalid` error; its detail is the first fault, and how many more there
  /// are.
  Result<void> take();

 private:
  std::vector<FieldError> fields_{};
};

/// The JSON pointer (RFC 6901) of a member or an element below `parent`.
std::string pointer_to(std::string_view parent, std::string_view key);
std::string pointer_to(std::string_view parent, std::size_t index);

}  // namespace taskcore
