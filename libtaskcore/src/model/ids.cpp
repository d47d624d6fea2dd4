// Writing and reading ids: see ids.hpp.
#include "model/ids.hpp"

#include <charconv>
#include <cstdint>

namespace taskcore {
namespace {

constexpr std::string_view kRunPrefix = "run_";

/// Sixteen lower-case hex digits.
void append_hex(std::string& out, std::uint64_t bits) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(bits >> shift) & 0xF];
}

}  // namespace

std::string make_uuid_v7(TimePoint now, Random& random) {
  const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t high = (ms << 16) | 0x7000 | (random.next() >> 52);  // 48 bits of time, version 7, 12 random bits
  const std::uint64_t low = (std::uint64_t{0b10} << 62) | (random.next() >> 2);  // variant, 62 random bits
  std::string digits;
  append_hex(digits, high);
  append_hex(digits, low);
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += digits[i];
  }
  return out;
}

std::string run_id(RunKey key) { return std::string(kRunPrefix) + std::to_string(key); }

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
