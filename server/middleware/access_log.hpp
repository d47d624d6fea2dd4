// One line per answered request. It never holds headers, queries or bodies, so it never holds a token.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "http/message.hpp"

namespace taskd {

struct AccessRecord {
  std::string request_id;
  std::string remote_address;
  std::string method;
  std::string path;  ///< As sent, hence percent-escaped: no control characters.
  std::string user;  ///< Empty without a good token.
  int status = 0;
  std::size_t body_size = 0;
  std::chrono::microseconds duration{};
};

/// Must not throw; may be called from several threads at once.
using AccessSink = std::function<void(const AccessRecord&)>;

/// "GET /api/tasks 200 512B 0.350ms 127.0.0.1 user=alice id=…"
std::string format_access_line(const AccessRecord& record);

Handler with_access_log(Handler next, AccessSink sink);

}  // namespace taskd
