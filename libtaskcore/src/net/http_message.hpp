// What a client sends and gets: plain values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/target.hpp"

namespace taskcore::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  Target target{};
  Headers headers{};  ///< Without Host, and what frames the message.
  std::string body{};
};

struct HttpResponse {
  int status = 0;
  Headers headers{};  ///< Names in lower case.
  std::string body{};

  /// The first of that name (in lower case); empty when there is none.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

}  // namespace taskcore::net
