// The kinds of rule that task values obey; which value obeys which is for validation.cpp to say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/faults.hpp"
#include "model/names.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// Checks values and gathers what is wrong with them.
class Rules {
 public:
  explicit Rules(Faults& faults) : faults_(faults) {}

  void fault(std::string pointer, std::string detail) { faults_.add(std::move(pointer), std::move(detail)); }

  /// Text that is shown on one line: not blank, no control characters.
  void line(std::string pointer, std::string_view text, std::size_t max_length);

  /// Text of any number of lines, none included.
  void prose(std::string pointer, std::string_view text, std::size_t max_length);

  void token(std::string pointer, std::string_view text, std::size_t max_size);

  /// Lines of which each counts once: drops the repetitions. Faults point at the items as they were given.
  void unique_lines(const std::string& pointer, std::vector<std::string>& items, std::size_t max_items,
                    std::size_t max_length);

  void range(std::string pointer, int value, int least, int most);

  void span(std::string pointer, Duration value, Duration least, Duration most);

  /// An instant that can be written: of the years 1970 to 9999.
  void instant(std::string pointer, TimePoint at);

  /// A value that has a word: what has none could be stored, but never read again.
  template <class E>
  void choice(std::string pointer, E value) {
    if (static_cast<std::size_t>(value) >= kNames<E>.size())
      fault(std::move(pointer), "must be one of " + list_names<E>());
  }

 private:
  Faults& faults_;
};

}  // namespace taskcore
