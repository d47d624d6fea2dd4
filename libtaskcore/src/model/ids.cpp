// Writing and reading ids: see ids.hpp.
#include "model/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace taskcore {
namespace {

constexpr std::string_view kRunPrefix = "run_";

/// The lowest `digits` lower-case hex digits of `bits`.
void append_hex(std::string& out, std::uint64_t bits, int digits) {
  while (digits-- > 0) out += "0123456789abcdef"[(bits >> (4 * digits)) & 0xF];
}

}  // namespace

std::string make_uuid_v7(TimePoint now, Random& random) {
  const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t high = (ms << 16) | 0x7000 | (random.next() >> 52);  // 48 bits of time, version 7, 12 random bits
  const std::uint64_t low = (std::uint64_t{0b10} << 62) | (random.next() >> 2);  // variant, 62 random bits
  std::string out;
  out.reserve(36);
  append_hex(out, high >> 32, 8);
  append_hex(out += '-', high >> 16, 4);
  append_hex(out += '-', high, 4);
  append_hex(out += '-', low >> 48, 4);
  append_hex(out += '-', low, 12);
  return out;
}

std::string run_id(RunKey key) {
  std::array<char, kRunPrefix.size() + std::numeric_limits<RunKey>::digits10 + 2> text;
  const auto digits = std::copy(kRunPrefix.begin(), kRunPrefix.end(), text.begin());
  const auto end = std::to_chars(digits, text.end(), key).ptr;
  return {text.begin(), end};
}

std::optional<RunKey> parse_run_id(std::string_view id) noexcept {
  if (!id.starts_with(kRunPrefix)) return std::nullopt;
  const std::string_view digits = id.substr(kRunPrefix.size());
  // One id has one spelling: no sign, no leading zero.
  if (digits.empty() || digits.front() < '1' || digits.front() > '9') return std::nullopt;
  RunKey key = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), key);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return key;
}

}  // namespace taskcore
