// gzip: see gzip.hpp. The one file that compiles Beast's deflate, which is zlib's in headers.
#include "http/gzip.hpp"

#include <algorithm>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "text/trim.hpp"

namespace taskd {

namespace zlib = boost::beast::zlib;

namespace {

constexpr int kLevel = 3;  // JSON shrinks to a sixth; higher levels take twice the time for little more.

/// In thousandths. None where it is no weight.
std::optional<int> parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int out = text[0] - '0';
  for (std::size_t i = 2; i < 5; ++i) {
    const char digit = i < text.size() ? text[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    out = out * 10 + (digit - '0');
  }
  return out <= 1000 ? std::optional(out) : std::nullopt;
}

/// "gzip;q=0.5": the weight, 1 where none is given, 0 where it is malformed.
int weight_of(std::string_view parameters) {
  if (parameters.empty()) return 1000;
  const std::string_view text = trimmed(parameters.substr(1));
  if (text.size() < 2 || !iequals(text.substr(0, 2), "q=")) return 0;
  return parse_weight(text.substr(2)).value_or(0);
}

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>((value >> shift) & 0xFF));
}

void append_deflated(std::string& out, std::string_view text) {
  zlib::deflate_stream stream;
  stream.reset(kLevel, 15, 8, zlib::Strategy::normal);
  const std::size_t head = out.size();
  out.resize(head + stream.upper_bound(text.size()));
  zlib::z_params state;
  state.next_in = text.data();
  state.avail_in = text.size();
  state.next_out = out.data() + head;
  state.avail_out = out.size() - head;
  boost::beast::error_code ec;
  stream.write(state, zlib::Flush::finish, ec);
  if (ec != zlib::error::end_of_stream) throw std::logic_error("the compressed text does not fit");
  out.resize(head + state.total_out);
}

}  // namespace

bool accepts_gzip(const Headers& headers) {
  int packed = -1;
  int identity = -1;
  int any = 0;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!iequals(headers.name(i), "Accept-Encoding")) continue;
    std::string_view list = headers.value(i);
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(','), list.size());
      const std::string_view item = list.substr(0, end);
      list.remove_prefix(std::min(end + 1, list.size()));
      const std::size_t name_end = std::min(item.find(';'), item.size());
      const std::string_view name = trimmed(item.substr(0, name_end));
      const int weight = weight_of(item.substr(name_end));
      if (iequals(name, "gzip") || iequals(name, "x-gzip")) packed = weight;
      if (iequals(name, "identity")) identity = weight;
      if (name == "*") any = weight;
    }
  }
  if (packed < 0) packed = any;
  return packed > 0 && packed >= identity;
}

std::string gzip(std::string_view text) {
  // Deflate, no name, no time, by no particular system.
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  append_deflated(out, text);
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  append_little_endian(out, crc.checksum());
  append_little_endian(out, static_cast<std::uint32_t>(text.size()));
  return out;
}

}  // namespace taskd
