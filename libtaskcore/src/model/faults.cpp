// One error out of many, and JSON pointers: see faults.hpp.
#include "model/faults.hpp"

#include <iterator>
#include <utility>

namespace taskcore {

void Faults::add(Faults more) {
  fields_.insert(fields_.end(), std::make_move_iterator(more.fields_.begin()),
                 std::make_move_iterator(more.fields_.end()));
}

void Faults::add_below(std::string_view parent, const Error& error) {
  if (error.fields.empty()) add(std::string(parent), error.detail);
  for (const FieldError& field : error.fields) add(std::string(parent) + field.pointer, field.detail);
}

Result<void> Faults::take() {
  if (fields_.empty()) return {};
  const FieldError& first = fields_.front();
  std::string detail = first.pointer.empty() ? first.detail : first.pointer + ": " + first.detail;
  if (fields_.size() > 1) detail += " (and " + std::to_string(fields_.size() - 1) + " more)";
  return Error{Errc::invalid, std::move(detail), std::exchange(fields_, {})};
}

std::string pointer_to(std::string_view parent, std::string_view key) {
  std::string out(parent);
  out += '/';
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer_to(std::string_view parent, std::size_t index) {
  return std::string(parent) + '/' + std::to_string(index);
}

}  // namespace taskcore
