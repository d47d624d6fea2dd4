// What happened in a simulation: a hash over all of it, the last lines for the eye, and the first thing that was wrong.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <string>
#include <string_view>

namespace taskcore::sim {

class Trace {
 public:
  void note(std::string line) {
    if (aloud_) std::cerr << line << '\n';
    for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    lines_.push_back(std::move(line));
    if (lines_.size() > kKept) lines_.pop_front();
  }

  /// Notes a broken promise. The first one counts: what follows may be its fruit.
  void violation(const std::string& what) {
    if (!violation_.empty()) return;
    violation_ = what;
    note("VIOLATION " + what);
  }
  bool failed() const noexcept { return !violation_.empty(); }
  const std::string& violation() const noexcept { return violation_; }

  std::uint64_t hash() const noexcept { return hash_; }
  std::string text() const {
    std::string out;
    for (const std::string& line : lines_) out += "  " + line + "\n";
    return out;
  }

 private:
  static constexpr std::size_t kKept = 80;
  bool aloud_ = std::getenv("TASKCORE_SIM_ALOUD") != nullptr;  ///< All lines, as they come: for a look at one seed.
  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::deque<std::string> lines_{};
  std::string violation_{};
};

}  // namespace taskcore::sim
