// A Response's head as bytes.
#pragma once

#include <string>

#include "http/message.hpp"

namespace taskd {

struct WireOptions {
  bool keep_alive = true;
  bool http_1_0 = false;
  bool over_tls = false;
};

/// Appends status line and fields to `out`, with Date, Content-Length, Connection and
/// Strict-Transport-Security as needed. Control characters in
/// field values become blanks, so no value can start a field of its own.
void append_head(std::string& out, const Response& response, const WireOptions& options);

}  // namespace taskd
