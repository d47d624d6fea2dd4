#include "model/masks.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::size_t kShortest = 4;
constexpr std::size_t kShortestLine = 8;

}  // namespace

Masks::Masks(const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() >= kShortest) texts_.push_back(secret);
    for (std::size_t at = 0; at < secret.size();) {
      const auto end = std::min(secret.find('\n', at), secret.size());
      const std::string line = secret.substr(at, end - at);
      if (line.size() >= kShortestLine && line.size() < secret.size()) texts_.push_back(line);
      at = end + 1;
    }
  }
  std::sort(texts_.begin(), texts_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
}

std::string Masks::masked(std::string_view text) const {
  std::string out(text);
  for (const std::string& secret : texts_) {
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at + 3)) {
      out.replace(at, secret.size(), "***");
    }
  }
  return out;
}

json::value Masks::masked_json(const json::value& value) const {
  if (const auto* text = value.if_string()) return json::value(masked(std::string_view(*text)));
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& entry : *array) out.push_back(masked_json(entry));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& member : *object) out[masked(std::string_view(member.key()))] = masked_json(member.value());
    return out;
  }
  return value;
}

}  // namespace taskcore
