// KeyCache: see key_cache.hpp.
#include "auth/key_cache.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "text/trim.hpp"

namespace taskd {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds kLeast = 5min;
constexpr std::chrono::seconds kMost = 24h;
constexpr std::chrono::seconds kUsual = 1h;
constexpr std::chrono::seconds kStale = 24h;
constexpr std::chrono::seconds kPause = 1min;

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// What is no number, and one that is too large to be read, is as long as may be or as short: never in between.
std::chrono::seconds read_age(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return kMost;
  if (error != std::errc() || end != text.data() + text.size()) return kLeast;
  return std::chrono::seconds(std::clamp<long long>(value, kLeast.count(), kMost.count()));
}

}  // namespace

const KeyCache::Keys& KeyCache::nobody() {
  static const Keys kNone = std::make_shared<const KeySet>(std::vector<VerifyKey>{});
  return kNone;
}

void KeyCache::begin(Time now) noexcept { begun_ = now; }

void KeyCache::renew(KeySet keys, std::string_view cache_control, Time now) {
  keys_ = std::make_shared<const KeySet>(std::move(keys));
  renewed_ = now;
  next_ = now + lifetime_of(cache_control) * 4 / 5;  // in advance, so that there is time for another try
}

void KeyCache::fail(Time now) noexcept { next_ = now + kPause; }

KeyCache::Keys KeyCache::keys(Time now) const { return is_stale(now) ? nobody() : keys_; }

bool KeyCache::is_stale(Time now) const noexcept { return now - renewed_ >= kStale; }

bool KeyCache::allows_fetch(Time now) noexcept {
  if (now - begun_ < kPause) return false;
  begun_ = now;
  return true;
}

std::chrono::seconds lifetime_of(std::string_view cache_control) noexcept {
  std::chrono::seconds out = kUsual;
  while (!cache_control.empty()) {
    const std::size_t comma = cache_control.find(',');
    const std::string_view item = trimmed(cache_control.substr(0, comma));
    cache_control = comma == std::string_view::npos ? std::string_view{} : cache_control.substr(comma + 1);
    const std::size_t equals = item.find('=');
    const std::string_view name = trimmed(item.substr(0, equals));
    if (same_word(name, "no-store") || same_word(name, "no-cache")) return kLeast;
    if (same_word(name, "max-age") && equals != std::string_view::npos)
      out = read_age(trimmed(item.substr(equals + 1)));
  }
  return out;
}

}  // namespace taskd
