// The parent: lives that end by kill -9, the checks between them, a drain at the end.
#pragma once

#include <random>
#include <string>

#include "soak/checker.hpp"
#include "soak/samples.hpp"
#include "soak/settings.hpp"
#include "support/victim.hpp"

namespace taskcore::soak {

class Soak {
 public:
  /// `program`: of which the children are made; `mark` stands in the environment of all of them.
  Soak(Settings settings, std::string program, std::string mark);

  /// Gives what is wrong, or nothing.
  std::string run();

  void print(std::ostream& out) const;
  std::string json(const std::string& verdict) const;

 private:
  std::vector<std::string> command(const char* mode) const;
  std::string one_life(std::chrono::milliseconds length, bool kill);
  std::string last_life();
  std::string learn_lines(std::string& text, TimePoint since);
  std::string learn_and_check(const std::string& text, bool drained);
  std::chrono::milliseconds draw_length();
  double seconds() const;
  double warm_up() const;

  Settings settings_;
  std::string program_;
  std::string mark_;
  std::string database_;
  std::mt19937 random_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Told told_{};
  Checker checker_;
  Samples samples_{};
  int lives_ = 0;
  int kills_ = 0;
  int stops_ = 0;
};

}  // namespace taskcore::soak
