// taskcore_bench: measures what --rows names (all by default) and prints one table.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "raw/beast_server.hpp"
#include "rows/rows.hpp"

#ifndef BENCH_TASKD
#define BENCH_TASKD ""
#endif

namespace {

constexpr const char* kUsage =
    "taskcore_bench [--rows a,b,c] [--quick | --smoke] [--largest] [--json FILE] [--dir DIR] [--taskd FILE] [--seed N] "
    "[--list]\n";

struct Arguments {
  bench::Settings settings{};
  std::vector<std::string> rows{};
  std::string json_file{};
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    out.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

[[noreturn]] void refuse(const std::string& what) {
  std::cerr << "taskcore_bench: " << what << '\n' << kUsage;
  std::exit(2);
}

void list_rows() {
  for (const bench::Row& row : bench::rows()) std::cout << row.name << ": " << row.about << '\n';
  std::exit(0);
}

Arguments parse(const std::vector<std::string>& words) {
  Arguments out;
  out.settings.directory = std::filesystem::current_path();
  out.settings.taskd = std::filesystem::exists(BENCH_TASKD) ? BENCH_TASKD : "";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = [&] { return i + 1 < words.size() ? words[++i] : (refuse(word + " needs a value"), ""); };
    if (word == "--quick") {
      out.settings.quick = true;
    } else if (word == "--smoke") {
      out.settings.smoke = true;
    } else if (word == "--largest") {
      out.settings.largest = true;
    } else if (word == "--rows") {
      out.rows = split(value());
    } else if (word == "--json") {
      out.json_file = value();
    } else if (word == "--dir") {
      out.settings.directory = std::filesystem::absolute(value());
    } else if (word == "--taskd") {
      out.settings.taskd = value();
    } else if (word == "--seed") {
      const std::string text = value();
      const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), out.settings.seed);
      if (bad != std::errc() || end != text.data() + text.size()) refuse("--seed needs a whole number");
    } else if (word == "--list") {
      list_rows();
    } else {
      refuse("unknown: " + word);
    }
  }
  for (const std::string& name : out.rows) {
    const auto known = bench::rows();
    if (std::none_of(known.begin(), known.end(), [&](const auto& row) { return name == row.name; })) {
      refuse("there is no row " + name + "; --list names them");
    }
  }
  return out;
}

/// False when a row could not be measured.
bool measure(const Arguments& arguments, bench::Report& report) {
  bool good = true;
  for (const bench::Row& row : bench::rows()) {
    const auto& chosen = arguments.rows;
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), row.name) == chosen.end()) continue;
    try {
      row.measure(arguments.settings, report);
    } catch (const std::exception& error) {
      report.skip(row.name, std::string("it failed: ") + error.what());
      good = false;
    }
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  // Fresh processes of this very program; not for users.
  if (words.size() == 3 && words[0] == "--child-stored") return bench::run_stored_child(words[1], std::stod(words[2]));
  if (words.size() == 3 && words[0] == "--child-retention")
    return bench::run_retention_child(words[1], std::stoul(words[2]));
  if (words.size() == 2 && words[0] == "--child-beast") return bench::run_beast_server(words[1]);

  const Arguments arguments = parse(words);
  bench::Report report(std::cout);
  const auto before = bench::look_at_machine(arguments.settings.directory);
  const bool good = measure(arguments, report);
  const auto after = bench::look_at_machine(arguments.settings.directory);
  report.print_table(before, after);
  if (!arguments.json_file.empty()) {
    std::ofstream file(arguments.json_file);
    file << report.json(arguments.settings, before, after);
    if (!file.flush()) refuse("cannot write " + arguments.json_file);
  }
  return good ? 0 : 1;
}
