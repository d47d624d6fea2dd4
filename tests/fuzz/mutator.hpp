// Texts made of others by random changes: what a fuzzer does, without one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace taskcore::testing {

/// The texts of a directory's files, in the order of their names.
std::vector<std::string> read_corpus(const std::filesystem::path& directory);

/// TASKCORE_TEXTS_SEED, which repeats a run, or a random one.
std::uint64_t texts_seed();

class Mutator {
 public:
  /// `likely`: the letters to insert.
  Mutator(std::vector<std::string> seeds, std::string_view likely, std::uint64_t seed)
      : seeds_(std::move(seeds)), likely_(likely), random_(seed) {}

  std::string next();

 private:
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  char letter() { return likely_[below(likely_.size())]; }
  void change(std::string& text);

  std::vector<std::string> seeds_;
  std::string likely_;
  std::mt19937_64 random_;
};

}  // namespace taskcore::testing
