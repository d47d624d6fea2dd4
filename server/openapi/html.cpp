// Text as HTML: see html.hpp.
#include "openapi/html.hpp"

namespace taskd {

namespace {

std::string paragraph(std::string_view text) {
  std::string out = "<p>";
  bool in_code = false;
  for (;;) {
    const std::size_t tick = text.find('`');
    out += escaped(text.substr(0, tick));
    if (tick == std::string_view::npos) return out + "</p>";
    out += in_code ? "</code>" : "<code>";
    in_code = !in_code;
    text.remove_prefix(tick + 1);
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string prose(std::string_view text) {
  constexpr std::string_view kGap = "\n\n";
  std::string out;
  for (;;) {
    const std::size_t gap = text.find(kGap);
    out += paragraph(text.substr(0, gap));
    if (gap == std::string_view::npos) return out;
    text.remove_prefix(gap + kGap.size());
  }
}

}  // namespace taskd
