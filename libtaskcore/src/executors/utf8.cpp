#include "executors/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace taskcore {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestCharacter = 4;

/// What stands at the front of some bytes: a character, or the part of one that is to be replaced as a whole.
struct Front {
  std::size_t size;
  bool valid;
};

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

bool is_continuation(unsigned byte) { return (byte & 0xC0u) == 0x80u; }

/// The second byte tells overlong forms, surrogates and what lies above U+10FFFF (Unicode, table 3-7).
bool fits_second(unsigned first, unsigned second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return is_continuation(second);
  }
}

std::size_t length_by_first(unsigned first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

Front front_of(std::string_view bytes) {
  const unsigned first = byte_at(bytes, 0);
  const std::size_t length = length_by_first(first);
  if (length <= 1) return {1, length == 1};
  if (bytes.size() < 2 || !fits_second(first, byte_at(bytes, 1))) return {1, false};
  for (std::size_t i = 2; i < length; ++i) {
    if (i >= bytes.size() || !is_continuation(byte_at(bytes, i))) return {i, false};
  }
  return {length, true};
}

/// How many bytes at the front are valid. Output is mostly ASCII, so that is taken eight bytes at a time.
std::size_t valid_size(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t word;
    while (at + sizeof word <= bytes.size()) {
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & 0x8080808080808080u) != 0) break;
      at += sizeof word;
    }
    if (at == bytes.size()) break;
    const Front front = front_of(bytes.substr(at));
    if (!front.valid) break;
    at += front.size;
  }
  return at;
}

}  // namespace

std::string_view repair_utf8(std::string_view bytes, std::string& scratch) {
  std::size_t valid = valid_size(bytes);
  if (valid == bytes.size()) return bytes;
  scratch.clear();
  for (;;) {
    scratch.append(bytes.substr(0, valid));
    bytes.remove_prefix(valid);
    if (bytes.empty()) return scratch;
    scratch.append(kReplacement);
    bytes.remove_prefix(front_of(bytes).size);
    valid = valid_size(bytes);
  }
}

std::size_t cut_utf8(std::string_view bytes, std::size_t most) {
  if (bytes.size() <= most) return bytes.size();
  // Back to the start of the character that would be cut; bytes that belong to none may be cut anywhere.
  for (std::size_t back = 0; back < kLongestCharacter && back < most; ++back) {
    if (!is_continuation(byte_at(bytes, most - back))) return most - back;
  }
  return most;
}

}  // namespace taskcore
