// See visible_text.hpp.
#include "client/visible_text.hpp"

#include <locale.h>
#include <wchar.h>

#include <array>
#include <charconv>
#include <utility>

#include "text/utf8.hpp"

namespace taskd {

namespace {

struct Piece {
  char32_t code = 0;  ///< Of bytes that are no UTF-8 the first byte.
  std::string_view bytes{};
  bool is_valid = false;
};

/// The first character of a text that is not empty.
Piece first_piece(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const std::string_view bytes = text.substr(0, size);
  if (bytes.size() < size || !is_utf8(bytes)) return {lead, text.substr(0, 1), false};
  if (size == 1) return {lead, bytes, true};
  char32_t code = lead & (0x7FU >> size);
  for (const char c : bytes.substr(1)) code = (code << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  return {code, bytes, true};
}

/// What a terminal obeys, or what changes how other text looks.
bool is_active(char32_t code) {
  constexpr std::array<std::pair<char32_t, char32_t>, 9> kRanges{{{0x00, 0x1F},
                                                                  {0x7F, 0x9F},
                                                                  {0x061C, 0x061C},
                                                                  {0x200E, 0x200F},
                                                                  {0x2028, 0x202E},
                                                                  {0x2066, 0x2069},
                                                                  {0xFEFF, 0xFEFF},
                                                                  {0xFFF9, 0xFFFB},
                                                                  {0xE0000, 0xE007F}}};
  for (const auto& [first, last] : kRanges) {
    if (code >= first && code <= last) return true;
  }
  return false;
}

std::string hex(char32_t code) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<unsigned>(code), 16).ptr;
  return {digits.data(), end};
}

std::string escape(const Piece& piece) {
  if (piece.is_valid && piece.code == '\n') return "\\n";
  if (piece.is_valid && piece.code == '\t') return "\\t";
  if (piece.is_valid && piece.code == '\r') return "\\r";
  if (piece.is_valid && piece.code >= 0x80) return "\\u{" + hex(piece.code) + "}";
  return (piece.code < 0x10 ? "\\x0" : "\\x") + hex(piece.code);
}

/// This thread knows all characters as long as it lives, whatever the locale of the user.
class Utf8Locale {
 public:
  Utf8Locale() : before_(locale() != nullptr ? ::uselocale(locale()) : nullptr) {}
  ~Utf8Locale() {
    if (before_ != nullptr) ::uselocale(before_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t locale() {
    static const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return made;
  }

  locale_t before_;
};

std::size_t width_of(char32_t code) {
  const int width = ::wcwidth(static_cast<wchar_t>(code));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

std::string visible(std::string_view text, char kept) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Piece piece = first_piece(text);
    const bool stays = kept != '\0' && piece.bytes.front() == kept;
    if (stays || (piece.is_valid && !is_active(piece.code))) {
      out += piece.bytes;
    } else {
      out += escape(piece);
    }
    text.remove_prefix(piece.bytes.size());
  }
  return out;
}

std::size_t display_width(std::string_view visible_text) {
  const Utf8Locale utf8;
  std::size_t width = 0;
  while (!visible_text.empty()) {
    const Piece piece = first_piece(visible_text);
    width += width_of(piece.code);
    visible_text.remove_prefix(piece.bytes.size());
  }
  return width;
}

std::string clipped(std::string_view visible_text, std::size_t width) {
  if (display_width(visible_text) <= width) return std::string(visible_text);
  const Utf8Locale utf8;
  std::string out;
  std::size_t used = 1;  // by the ellipsis
  while (!visible_text.empty()) {
    const Piece piece = first_piece(visible_text);
    used += width_of(piece.code);
    if (used > width) break;
    out += piece.bytes;
    visible_text.remove_prefix(piece.bytes.size());
  }
  return out + "…";
}

}  // namespace taskd
