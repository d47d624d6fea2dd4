// What the rows say, as a table and as JSON.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/machine.hpp"
#include "harness/measure.hpp"
#include "harness/settings.hpp"

namespace bench {

/// One column of the budget: its words, and whether this run kept to it.
struct Limit {
  std::string text;
  bool met = false;
};

struct Line {
  std::string row;   ///< The row that it belongs to: what --rows takes.
  std::string name;  ///< What was measured, in words.
  std::string unit;  ///< Of ours and raw.
  Figure ours{};
  std::optional<Figure> raw{};
  std::string raw_name{};  ///< What the raw limit is.
  std::string setup{};     ///< Sizes, slots, threads.
  std::optional<Limit> must{};
  std::optional<Limit> goal{};
  std::string published{};  ///< What others were measured at elsewhere: for orientation only.
};

/// The usual budget: at least this share of the raw limit.
Limit at_least(const Line& line, double share);

/// Figures that belong side by side, below the lines: one row of them for each size, or for each moment.
struct Table {
  std::string row;  ///< As in Line.
  std::string title;
  std::vector<std::string> header{};
  std::vector<std::vector<std::string>> cells{};
};

class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}

  void add(Line line);  ///< Also tells it at once.
  void add(Table table) { tables_.push_back(std::move(table)); }
  void skip(const std::string& row, const std::string& why);
  void print_table(const Machine& before, const Machine& after) const;
  std::string json(const Settings& settings, const Machine& before, const Machine& after) const;

 private:
  struct Skipped {
    std::string row;
    std::string why;
  };
  std::ostream& out_;
  std::vector<Line> lines_{};
  std::vector<Table> tables_{};
  std::vector<Skipped> skipped_{};
};

std::string short_number(double value);

}  // namespace bench
