#include "harness/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace bench {
namespace {

constexpr std::size_t kColumns = 8;
using Cells = std::array<std::string, kColumns>;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", share * 100);
  return text;
}

std::string with_noise(const Figure& figure, const std::string& unit) {
  std::string text = short_number(figure.value) + " " + unit;
  if (figure.rounds > 1) text += " ±" + percent(figure.noise / 2);
  return text;
}

std::string verdict(const Line& line) {
  if (!line.must) return "";
  if (!line.must->met) return "BELOW MUST";
  return line.goal && line.goal->met ? "goal" : "must";
}

Cells cells_of(const Line& line) {
  return {line.row,
          line.name,
          with_noise(line.ours, line.unit),
          line.raw ? with_noise(*line.raw, line.unit) : "",
          line.raw && line.raw->value > 0 ? percent(line.ours.value / line.raw->value) : "",
          line.must ? line.must->text : "",
          line.goal ? line.goal->text : "",
          verdict(line)};
}

/// Columns on the screen: the bytes that go on a character that has begun do not count.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Rows of equally many cells.
template <class Row>
void print_rows(std::ostream& out, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out << row[i];
      if (i + 1 < row.size()) out << std::string(widths[i] - width(row[i]) + 2, ' ');
    }
    out << '\n';
  }
}

void print(std::ostream& out, const Table& table) {
  out << '\n' << table.row << ": " << table.title << '\n';
  std::vector<std::vector<std::string>> rows{table.header};
  rows.insert(rows.end(), table.cells.begin(), table.cells.end());
  print_rows(out, rows);
}

}  // namespace

std::string short_number(double value) {
  char text[32];
  if (value >= 1e6) {
    std::snprintf(text, sizeof text, "%.2fM", value / 1e6);
  } else if (value >= 1e4) {
    std::snprintf(text, sizeof text, "%.1fk", value / 1e3);
  } else if (value >= 100) {
    std::snprintf(text, sizeof text, "%.0f", value);
  } else {
    std::snprintf(text, sizeof text, "%.3g", value);
  }
  return text;
}

Limit at_least(const Line& line, double share) {
  const bool met = line.raw && line.raw->value > 0 && line.ours.value >= share * line.raw->value;
  return Limit{"≥ " + percent(share) + " of raw", met};
}

void Report::add(Line line) {
  out_ << line.row << ": " << line.name << ": " << with_noise(line.ours, line.unit);
  if (line.raw) out_ << ", raw " << with_noise(*line.raw, line.unit);
  out_ << std::endl;
  lines_.push_back(std::move(line));
}

void Report::skip(const std::string& row, const std::string& why) {
  out_ << row << ": left out: " << why << std::endl;
  skipped_.push_back({row, why});
}

void Report::print_table(const Machine& before, const Machine& after) const {
  std::vector<Cells> rows{{"row", "measured", "ours", "raw limit", "ratio", "must", "goal", "verdict"}};
  for (const Line& line : lines_) rows.push_back(cells_of(line));
  out_ << '\n';
  print_rows(out_, rows);
  for (const Table& table : tables_) print(out_, table);
  out_ << "\nSet-ups, raw limits, and what was published of others:\n";
  for (const Line& line : lines_) {
    out_ << "  " << line.row << ": " << line.setup;
    if (!line.raw_name.empty()) out_ << "; raw: " << line.raw_name;
    if (!line.published.empty()) out_ << "; published: " << line.published;
    out_ << '\n';
  }
  for (const Skipped& skipped : skipped_) out_ << "  " << skipped.row << ": left out: " << skipped.why << '\n';
  out_ << "\n"
       << describe(before) << "\nLoad average before " << before.load << ", after " << after.load
       << ". From core to core " << short_number(before.core_to_core_ns) << " ns before, "
       << short_number(after.core_to_core_ns) << " ns after; a page fault " << short_number(before.page_fault_us)
       << " µs before, " << short_number(after.page_fault_us) << " µs after.\n";
}

}  // namespace bench
