// Response heads: see wire.hpp.
#include "http/wire.hpp"

#include <charconv>
#include <ctime>

namespace taskd {

namespace {

/// The Date header's text; made once a second and thread.
std::string_view http_date() {
  thread_local std::time_t made_for = 0;
  thread_local char text[64];
  thread_local std::size_t size = 0;
  const std::time_t now = std::time(nullptr);
  if (now != made_for || size == 0) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made_for = now;
  }
  return {text, size};
}

void append_number(std::string& out, std::size_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out.append(value);
  for (std::size_t i = start; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (byte < 0x20 || byte == 0x7F) out[i] = ' ';
  }
}

}  // namespace

void append_head(std::string& out, const Response& response, const WireOptions& options) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_phrase(response.status)).append("\r\nDate: ").append(http_date()).append("\r\n");
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    out.append(response.headers.name(i)).append(": ");
    append_value(out, response.headers.value(i));
    out.append("\r\n");
  }
  // RFC 9110 8.6: none with 204; a 304 has no body to measure.
  if (response.stream) {
    if (!options.http_1_0) out.append("Transfer-Encoding: chunked\r\n");
  } else if (response.status != 204 && response.status != 304) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  // RFC 6797: heeded over TLS only.
  if (options.over_tls) out.append("Strict-Transport-Security: max-age=31536000\r\n");
  if (!options.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (options.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace taskd
