// See table.hpp.
#include "client/table.hpp"

#include <algorithm>
#include <ostream>

#include "client/visible_text.hpp"

namespace taskd {

std::string coloured(std::string_view text, std::string_view colour) {
  if (colour.empty()) return std::string(text);
  return "\x1b[" + std::string(colour) + "m" + std::string(text) + "\x1b[0m";
}

Table::Table(std::vector<std::string> headers) {
  if (headers.empty()) return;
  auto& row = rows_.emplace_back();
  for (auto& header : headers) row.push_back({std::move(header), {}});
}

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = visible(cell.text);
  rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out, bool colours, std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    std::size_t owed = 0;  // blanks that only come where something follows
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& text = row[i].text;
      if (!text.empty()) {
        line.append(owed, ' ');
        owed = 0;
        line += colours ? coloured(text, row[i].colour) : text;
      }
      owed += widths[i] - display_width(text) + 2;
    }
    out << line << '\n';
  }
}

}  // namespace taskd
