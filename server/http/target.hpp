// The request target, taken apart: decoded path segments and decoded query parameters. Strict: what is not a clean
// target is an error, never a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace taskd {

/// The query's parameters in the order sent; a name may occur more than once.
class Query {
 public:
  void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }

  /// The first value of that name.
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  std::size_t count(std::string_view name) const noexcept;

  const std::vector<std::pair<std::string, std::string>>& items() const noexcept { return items_; }
  bool empty() const noexcept { return items_.empty(); }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// Decodes %XX, and '+' as a blank where `plus_is_blank`. None where an escape is broken, or where the outcome is not
/// UTF-8 or holds a control character.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

/// Escapes all but unreserved characters (RFC 3986).
std::string percent_encode(std::string_view text);

struct Target {
  std::string path;                   ///< As sent, without the query.
  std::vector<std::string> segments;  ///< Split at '/', then decoded: "/a/b%2Fc" has "a" and "b/c".
  Query query;
};

/// True for "host" or "host:port", the host a name, an IPv4 address or an IPv6 one in brackets.
bool is_authority(std::string_view text) noexcept;

/// Takes a target in origin form ("/a?b=c"), absolute form, or "*". None when it is malformed.
std::optional<Target> parse_target(std::string_view target);

}  // namespace taskd
