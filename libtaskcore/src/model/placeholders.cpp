// Reading placeholders: see placeholders.hpp.
#include "model/placeholders.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "model/quote.hpp"
#include "model/text.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::string_view kOpen = "${";
constexpr std::array<std::string_view, 3> kSources{"params", "dependencies", "secret"};
constexpr std::size_t kLongestName = 64;

constexpr bool is_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// Whether what follows "${" is meant for one. A shell's variable may have a source's name in its own, but no dot.
bool is_opening(std::string_view rest) noexcept {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_letter);
  if (end == rest.end()) return false;
  const std::string_view word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  const auto is_any = [](const auto& right) { return std::any_of(kSources.begin(), kSources.end(), right); };
  if (*end == '.') return is_any([&](std::string_view one) { return word.starts_with(one); });
  return *end == '}' && (word == "secrets" || is_any([&](std::string_view one) { return word == one; }));
}

/// Where the next one begins, one that is meant as text ("$${") included.
std::size_t find_opening(std::string_view text, std::size_t from = 0) noexcept {
  for (auto at = text.find(kOpen, from); at != text.npos; at = text.find(kOpen, at + kOpen.size())) {
    if (is_opening(text.substr(at + kOpen.size()))) return at;
  }
  return text.npos;
}

Error fault(std::string_view text, const std::string& detail) {
  return fail(Errc::invalid, quoted(text) + " " + detail + "; as text it is written with \"$${\"");
}

/// False when a part is empty.
bool split(std::string_view text, std::vector<std::string_view>& parts) {
  for (;;) {
    const auto dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (parts.back().empty()) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::string list(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "'" : ", '") + id + "'";
  return out.empty() ? "it has none" : "it has " + out;
}

/// An id may hold dots, so it is the longest that goes on with one.
Result<Placeholder> read_dependency(Placeholder one, std::string_view rest, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (rest.starts_with(id) && (rest.size() == id.size() || rest[id.size()] == '.') && id.size() > one.name.size())
      one.name = id;
  }
  if (one.name.empty()) {
    Error error = fault(one.text, "names no dependency of the task: " + list(ids));
    error.code = Errc::not_found;
    return error;
  }
  if (rest.size() > one.name.size() && !split(rest.substr(one.name.size() + 1), one.path))
    return fault(one.text, "has an empty part");
  const bool known = !one.path.empty() && (one.path[0] == "result" || (one.path[0] == "runId" && one.path.size() == 1));
  if (!known) return fault(one.text, "must go on with .result or .runId after '" + std::string(one.name) + "'");
  return one;
}

Result<Placeholder> read_one(std::string_view text, const std::vector<std::string>& ids) {
  Placeholder one{.text = text};
  const std::string_view body = text.substr(kOpen.size(), text.size() - kOpen.size() - 1);
  if (body.find(kOpen) != body.npos) return fault(text, "must not have another one inside");
  const auto dot = body.find('.');
  const std::string_view source = body.substr(0, dot);
  if (source == "params") {
    if (dot != body.npos && !split(body.substr(dot + 1), one.path)) return fault(text, "has an empty part");
    return one;
  }
  if (dot != body.npos && source == "secret") {
    one.source = Placeholder::Source::secret;
    one.name = body.substr(dot + 1);
    if (is_token(one.name, kLongestName)) return one;
    return fault(text, "must name a secret by 1 to 64 letters, digits and _.:-");
  }
  if (dot != body.npos && source == "dependencies") {
    one.source = Placeholder::Source::dependency;
    return read_dependency(std::move(one), body.substr(dot + 1), ids);
  }
  return fault(text, "must begin with params, secret.NAME or dependencies.ID");
}

/// Calls `change` with each text in `value`, keys excepted, in place.
template <class F>
void for_each_text(json::value& value, const F& change) {
  if (auto* text = value.if_string()) {
    change(*text);
  } else if (auto* array = value.if_array()) {
    for (auto& entry : *array) for_each_text(entry, change);
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) for_each_text(member.value(), change);
  }
}

}  // namespace

Result<std::vector<Piece>> read_pieces(std::string_view text, const std::vector<std::string>& ids) {
  std::vector<Piece> out;
  for (auto at = find_opening(text); at != text.npos; at = find_opening(text)) {
    const bool is_text = at > 0 && text[at - 1] == '$';
    if (const auto before = text.substr(0, is_text ? at - 1 : at); !before.empty()) out.emplace_back(before);
    text.remove_prefix(at);
    auto end = kOpen.size();
    if (is_text) {
      out.emplace_back(text.substr(0, end));
    } else {
      end = text.find('}');
      if (end == text.npos) return fault(text, "is not closed by '}'");
      auto one = read_one(text.substr(0, ++end), ids);
      if (!one) return one.error();
      out.emplace_back(std::move(*one));
    }
    text.remove_prefix(end);
  }
  if (!text.empty()) out.emplace_back(text);
  return out;
}

std::string quoted(std::string_view placeholder) {
  constexpr std::size_t kShown = 300;
  return in_quotes(placeholder, kShown);
}

bool has_placeholders(std::string_view text) noexcept { return find_opening(text) != text.npos; }

bool has_placeholders(const json::value& value) noexcept {
  if (const auto* text = value.if_string()) return has_placeholders(std::string_view(*text));
  if (const auto* array = value.if_array())
    return std::any_of(array->begin(), array->end(), [](const json::value& entry) { return has_placeholders(entry); });
  const auto* object = value.if_object();
  return object != nullptr && has_placeholders(*object);
}

bool has_placeholders(const json::object& object) noexcept {
  return std::any_of(object.begin(), object.end(), [](const auto& member) { return has_placeholders(member.value()); });
}

json::value never_filled(json::value value) {
  for_each_text(value, [](json::string& text) {
    if (!has_placeholders(std::string_view(text))) return;
    std::string out(text);
    for (auto at = find_opening(out); at != std::string::npos; at = find_opening(out, at + kOpen.size() + 1))
      out.insert(at, 1, '$');
    text = out;
  });
  return value;
}

}  // namespace taskcore
