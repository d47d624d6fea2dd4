// One line per answered request. It never holds headers, queries or bodies, so it never holds a token.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "http/reply.hpp"

namespace taskd {

struct AccessRecord {
  std::string request_id;
  std::string remote_address;
  std::string method;
  std::string path;        ///< As sent, hence percent-escaped: no control characters.
  std::string_view route;  ///< As Request::route; it lives for the call.
  std::string user;        ///< Empty without a good token.
  std::string refusal;     ///< Why the token was not good; holds nothing of it.
  int status = 0;
  std::size_t body_size = 0;
  std::chrono::microseconds duration{};
};

/// Must not throw; may be called from several threads at once.
using AccessSink = std::function<void(const AccessRecord&)>;

/// "GET /api/tasks 200 512B 0.350ms 127.0.0.1 user=alice id=…"
std::string format_access_line(const AccessRecord& record);

/// The same as fields: "method", "path", "route", "status", "bytes", "durationMs", "remoteAddress", "user",
/// "requestId".
boost::json::object access_fields(const AccessRecord& record);

Handler with_access_log(Handler next, AccessSink sink);

}  // namespace taskd
