// Rows in aligned columns, for people.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace taskd {

/// Colours of a terminal, as its escape sequences take them.
inline constexpr std::string_view kRed = "31";
inline constexpr std::string_view kGreen = "32";
inline constexpr std::string_view kYellow = "33";
inline constexpr std::string_view kCyan = "36";

/// `text` in that colour; as it is where that is empty.
std::string coloured(std::string_view text, std::string_view colour);

struct Cell {
  std::string text{};
  std::string_view colour{};
};

class Table {
 public:
  /// Without headers there is no first line.
  explicit Table(std::vector<std::string> headers = {});

  void add(std::vector<Cell> row);

  /// Made visible, and aligned by the width that it takes on a terminal. `indent` blanks come before each line.
  void print(std::ostream& out, bool colours, std::size_t indent = 0) const;

 private:
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace taskd
