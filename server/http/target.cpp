// Target: see target.hpp.
#include "http/target.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace taskd {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool parse_query(std::string_view text, Query& query) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view item = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    auto name = percent_decode(item.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>{std::in_place}
                                                  : percent_decode(item.substr(equals + 1), true);
    if (!name || name->empty() || !value) return false;
    query.add(std::move(*name), std::move(*value));
  }
  return true;
}

bool parse_path(std::string_view path, std::vector<std::string>& segments) {
  std::string_view rest = path.substr(1);
  segments.reserve(5);
  while (true) {
    const std::size_t slash = rest.find('/');
    auto segment = percent_decode(rest.substr(0, slash));
    if (!segment) return false;
    segments.push_back(std::move(*segment));
    if (slash == std::string_view::npos) return true;
    rest = rest.substr(slash + 1);
  }
}

}  // namespace

std::optional<std::string_view> Query::get(std::string_view name) const noexcept {
  for (const auto& [key, value] : items_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::size_t Query::count(std::string_view name) const noexcept {
  std::size_t found = 0;
  for (const auto& item : items_) found += item.first == name ? 1 : 0;
  return found;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    out.push_back(c);
  }
  if (has_control_character(out) || !is_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
  return out;
}

bool is_authority(std::string_view text) noexcept {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kAddress = "0123456789abcdefABCDEF:.";
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%";
  const bool bracketed = text.substr(0, 1) == "[";
  const std::size_t end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return false;
  const std::string_view host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  const std::string_view port = text.substr(end + (bracketed ? 1 : 0));
  if (host.empty() || host.find_first_not_of(bracketed ? kAddress : kName) != std::string_view::npos) return false;
  return port.empty() || (port.front() == ':' && port.find_first_not_of(kDigits, 1) == std::string_view::npos);
}

std::optional<Target> parse_target(std::string_view target) {
  Target out;
  if (target == "*") {
    out.path = "*";
    return out;
  }
  // RFC 9112 3.2.2: a server accepts the absolute form too; who we are called does not matter here.
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    const std::string_view authority = target.substr(0, end).substr(scheme.size());
    if (!is_authority(authority)) return std::nullopt;
    if (end == std::string_view::npos) {
      target = "/";
    } else if (target[end] == '/') {
      target = target.substr(end);
    } else {
      return std::nullopt;
    }
    break;
  }
  if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos) return std::nullopt;
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  out.path = std::string(path);
  if (!parse_path(path, out.segments)) return std::nullopt;
  if (mark != std::string_view::npos && !parse_query(target.substr(mark + 1), out.query)) return std::nullopt;
  return out;
}

}  // namespace taskd
