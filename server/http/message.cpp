// Names of methods and statuses.
#include "http/message.hpp"

#include <array>
#include <boost/beast/http/status.hpp>

namespace taskd {

namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods{{{Method::get, "GET"},
                                                                       {Method::head, "HEAD"},
                                                                       {Method::post, "POST"},
                                                                       {Method::put, "PUT"},
                                                                       {Method::patch, "PATCH"},
                                                                       {Method::remove, "DELETE"},
                                                                       {Method::options, "OPTIONS"}}};

// Beast's names are those of RFC 7231; these two have changed since (RFC 9110).
constexpr std::array<std::pair<int, std::string_view>, 2> kNewNames{
    {{413, "Content Too Large"}, {422, "Unprocessable Content"}}};

}  // namespace

std::string_view to_string(Method method) noexcept {
  for (const auto& [value, name] : kMethods) {
    if (value == method) return name;
  }
  return "other";
}

Method parse_method(std::string_view text) noexcept {
  for (const auto& [value, name] : kMethods) {
    if (name == text) return value;
  }
  return Method::other;
}

std::string_view reason_phrase(int status) noexcept {
  for (const auto& [value, phrase] : kNewNames) {
    if (value == status) return phrase;
  }
  const auto phrase =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  return {phrase.data(), phrase.size()};
}

std::string_view Request::param(std::string_view name) const noexcept {
  for (const auto& [key, value] : params) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace taskd
