// What one call of the program measures, and how long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace bench {

struct Settings {
  bool quick = false;    ///< Fewer rounds, smaller sizes: the figures are rough.
  bool smoke = false;    ///< As little as shows that every row runs: the figures mean nothing.
  bool largest = false;  ///< Also the sizes that take many minutes.
  std::uint64_t seed = 1;
  std::filesystem::path directory{};  ///< Where the stores lie: of the file system that is to be measured.
  std::string taskd{};                ///< The server's program; empty: its rows are left out.

  int rounds() const { return smoke ? 1 : quick ? 3 : 5; }

  /// `full`, a fifth of it, or next to nothing.
  std::size_t size(std::size_t full, std::size_t least) const {
    const std::size_t wanted = smoke ? full / 500 : quick ? full / 5 : full;
    return wanted < least ? least : wanted;
  }
};

}  // namespace bench
