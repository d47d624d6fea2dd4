#include "net/target.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "model/quote.hpp"
#include "model/text.hpp"

namespace taskcore::net {

namespace {

constexpr std::size_t kMaxUrl = 8000;
constexpr std::size_t kMaxHost = 253;

Error wrong(std::string detail) { return fail(Errc::invalid, std::move(detail)); }

std::uint16_t default_port(bool tls) { return tls ? 443 : 80; }

bool is_host(std::string_view host, char last_letter, std::string_view marks) {
  const auto fit = [&](char c) {
    return (c >= 'a' && c <= last_letter) || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
  };
  return !host.empty() && host.size() <= kMaxHost && std::all_of(host.begin(), host.end(), fit);
}

/// Whether it can go into a request line as it is.
bool is_path(std::string_view path) {
  constexpr std::string_view kUnfit = "\"<>\\^`{|}";
  return std::all_of(path.begin(), path.end(),
                     [&](char c) { return c > ' ' && c < 0x7f && kUnfit.find(c) == kUnfit.npos; });
}

Result<void> read_authority(std::string_view authority, Target& out) {
  if (authority.find('@') != authority.npos) return wrong("must not hold a user or a password; use auth");
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == authority.npos) return wrong("has a [ without a ]");
    out.host = lower(authority.substr(1, end - 1));
    port = authority.substr(end + 1);
    if (!is_host(out.host, 'f', ":.")) return wrong("has no IPv6 address in its brackets");
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    out.host = lower(authority.substr(0, colon));
    port = authority.substr(colon);
    if (!is_host(out.host, 'z', ".-_")) return wrong("has no host of letters, digits, dots and dashes");
  }
  out.port = default_port(out.tls);
  if (port.empty() || port == ":") return {};
  const char* end = port.data() + port.size();
  const auto read = std::from_chars(port.data() + 1, end, out.port);
  if (port.front() != ':' || read.ec != std::errc() || read.ptr != end || out.port == 0) {
    return wrong("has a port that is none: 1 to 65535 are");
  }
  return {};
}

/// RFC 3986, 5.2.4.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> parts;
  bool is_folder = true;
  for (std::size_t at = 1; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto part = path.substr(at, end - at);
    is_folder = part == "." || part == "..";
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!is_folder) parts.push_back(part);
    at = end + 1;
  }
  std::string out;
  for (const auto part : parts) out += "/" + std::string(part);
  return is_folder ? out + "/" : out;
}

std::string_view until(std::string_view text, std::string_view marks) {
  return text.substr(0, std::min(text.find_first_of(marks), text.size()));
}

}  // namespace

std::string Target::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == default_port(tls) ? name : name + ":" + std::to_string(port);
}

std::string Target::origin() const { return (tls ? "https://" : "http://") + authority(); }

Result<Target> parse_target(std::string_view url) {
  if (url.size() > kMaxUrl) return wrong("must be at most 8000 characters long");
  Target out;
  const std::string scheme = lower(url.substr(0, std::min(url.find("://"), url.size())));
  if (scheme != "http" && scheme != "https") return wrong("must begin with http:// or https://");
  out.tls = scheme == "https";
  std::string_view rest = url.substr(scheme.size() + 3);
  const std::string_view authority = until(rest, "/?#");
  if (auto read = read_authority(authority, out); !read) return read.error();
  rest = until(rest.substr(authority.size()), "#");
  if (!is_path(rest)) return wrong("holds a character that must be written as %XX");
  out.path = (rest.starts_with('/') ? "" : "/") + std::string(rest);
  return out;
}

Result<Target> follow(const Target& base, std::string_view location) {
  const auto led = [&](Result<Target> target) -> Result<Target> {
    if (target) return target;
    return wrong("the redirect of " + base.origin() + " leads to " + in_quotes(location) + ", which " +
                 target.error().detail);
  };
  // A scheme is letters up to a colon that comes before any other mark.
  if (const auto mark = location.find_first_of(":/?#"); mark != location.npos && location[mark] == ':') {
    return led(parse_target(location));
  }
  if (location.starts_with("//")) return led(parse_target((base.tls ? "https:" : "http:") + std::string(location)));
  const std::string_view reference = until(location, "#");
  const std::string_view path = until(reference, "?");
  const std::string_view base_path = until(base.path, "?");
  std::string whole;
  if (path.empty()) {
    whole = std::string(reference.empty() ? std::string_view(base.path) : base_path);
  } else if (path.starts_with('/')) {
    whole = without_dots(path);
  } else {
    whole = without_dots(std::string(base_path.substr(0, base_path.rfind('/') + 1)) + std::string(path));
  }
  return led(parse_target(base.origin() + whole + std::string(reference.substr(path.size()))));
}

}  // namespace taskcore::net
