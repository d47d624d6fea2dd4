#include "net/headers.hpp"

#include <algorithm>
#include <array>

#include "model/text.hpp"

namespace taskcore::net {

bool is_header_name(std::string_view name) noexcept {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto fit = [&](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || kMarks.find(c) != kMarks.npos;
  };
  return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), fit);
}

bool is_header_value(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_framing_header(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 11> kFraming{
      "host",    "content-length", "transfer-encoding",   "connection",      "keep-alive", "upgrade", "te",
      "trailer", "expect",         "proxy-authorization", "proxy-connection"};
  return std::any_of(kFraming.begin(), kFraming.end(), [&](std::string_view one) { return same_name(name, one); });
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace taskcore::net
