// See mutator.hpp.
#include "fuzz/mutator.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace taskcore::testing {

std::vector<std::string> read_corpus(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> out;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return out;
}

std::uint64_t texts_seed() {
  const char* given = std::getenv("TASKCORE_TEXTS_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

std::string Mutator::next() {
  std::string text = seeds_[below(seeds_.size())];
  for (std::size_t changes = below(4); changes > 0; --changes) change(text);
  return text;
}

void Mutator::change(std::string& text) {
  const std::size_t at = below(text.size() + 1);
  const std::size_t size = std::min(below(6), text.size() - at);
  const std::string& other = seeds_[below(seeds_.size())];
  switch (below(4)) {
    case 0:
      text.erase(at, size);
      break;
    case 1:
      text.insert(at, 1, letter());
      break;
    case 2:
      if (at < text.size()) text[at] = letter();
      break;
    default:
      if (!other.empty()) text.replace(at, size, other.substr(below(other.size()), below(8)));
  }
}

}  // namespace taskcore::testing
