#include "model/sha256.hpp"

#include "model/sha256_blocks.hpp"

namespace taskcore {
namespace {

using sha256_blocks::kBlock;
using sha256_blocks::Mix;
using sha256_blocks::State;

constexpr State kStart{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::string digest(std::string_view text, Mix mix) {
  State state = kStart;
  const std::size_t whole = text.size() / kBlock;
  mix(state, text.data(), whole);
  std::string tail(text.substr(whole * kBlock));
  tail += '\x80';
  while (tail.size() % kBlock != kBlock - 8) tail += '\0';
  const std::uint64_t bits = static_cast<std::uint64_t>(text.size()) * 8;
  for (int shift = 56; shift >= 0; shift -= 8) tail += static_cast<char>(bits >> shift);
  mix(state, tail.data(), tail.size() / kBlock);

  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint32_t word : state) {
    for (int shift = 28; shift >= 0; shift -= 4) out += kDigits[word >> shift & 15];
  }
  return out;
}

}  // namespace

std::string sha256(std::string_view text) {
  const Mix instructions = sha256_blocks::mix_by_instructions();
  return digest(text, instructions != nullptr ? instructions : sha256_blocks::mix_portably);
}

std::string sha256_portably(std::string_view text) { return digest(text, sha256_blocks::mix_portably); }

}  // namespace taskcore
