#include "net/retry_after.hpp"

#include <locale.h>
#include <time.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace taskcore::net {

namespace {

constexpr Duration kLongest = std::chrono::hours(24);

std::optional<TimePoint> read_date(const std::string& text) {
  static const locale_t english = ::newlocale(LC_ALL_MASK, "C", nullptr);
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::tm read{};
    const char* end = ::strptime_l(text.c_str(), form, &read, english);
    if (end != nullptr && *end == '\0') return TimePoint(std::chrono::seconds(::timegm(&read)));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> read_retry_after(std::string_view value, TimePoint now) {
  std::int64_t seconds = 0;
  const auto [end, bad] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (end == value.data() + value.size() && !value.empty()) {
    if (bad == std::errc::result_out_of_range || seconds > kLongest / std::chrono::seconds(1)) return kLongest;
    if (bad != std::errc() || seconds < 0) return std::nullopt;
    return std::chrono::seconds(seconds);
  }
  const auto date = read_date(std::string(value));
  if (!date || *date <= now) return std::nullopt;
  return std::min(*date - now, kLongest);
}

}  // namespace taskcore::net
