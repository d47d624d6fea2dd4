// What a client sends and gets: plain values.
#pragma once

#include <functional>
#include <string>
#include <string_view>
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

/// How the body of an answer is taken.
struct Intake {
  std::size_t max_size = 1024 * 1024;  ///< In bytes; more is a failure.
  /// Where set, a good answer of text/event-stream is handed on as it comes: its body may be endless, and is not kept.
  /// Nothing at first, when its head is there: the first event may be long in coming.
  std::function<void(std::string_view)> on_events{};
};

}  // namespace taskcore::net
