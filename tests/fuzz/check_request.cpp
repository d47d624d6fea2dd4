// See check_server.hpp: bytes of a connection.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/check_server.hpp"
#include "fuzz/must.hpp"
#include "http/json_body.hpp"
#include "http/request_parser.hpp"
#include "http/strict_json.hpp"

namespace taskcore::testing {

namespace {

using taskd::ParserLimits;
using taskd::Request;
using taskd::RequestParser;

constexpr ParserLimits kLimits{.head = 1024, .target = 256, .body = 4096};

struct Read {
  std::vector<std::shared_ptr<Request>> requests{};
  int refused = 0;  ///< The status.
};

/// As a session does it: what was not taken comes again, with `piece` bytes more.
Read read_in_pieces(std::string_view text, std::size_t piece) {
  Read out;
  RequestParser parser(kLimits);
  std::string waiting;
  while (!text.empty()) {
    waiting += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    while (!waiting.empty()) {
      const std::size_t used = parser.feed(waiting);
      must(used <= waiting.size(), "took more than there is");
      waiting.erase(0, used);
      if (parser.state() == RequestParser::State::failed) {
        must_be_printable(parser.failure());
        out.refused = parser.failure_status();
        return out;
      }
      if (parser.state() == RequestParser::State::partial) break;
      out.requests.push_back(parser.take());
    }
  }
  return out;
}

bool same(const Request& left, const Request& right) {
  if (left.method != right.method || left.path != right.path || left.body != right.body) return false;
  if (left.query.items() != right.query.items() || left.headers.size() != right.headers.size()) return false;
  for (std::size_t i = 0; i < left.headers.size(); ++i) {
    if (left.headers.name(i) != right.headers.name(i) || left.headers.value(i) != right.headers.value(i)) return false;
  }
  return true;
}

void check_body(const Request& request) {
  must(request.body.size() <= kLimits.body, "the body is larger than its limit");
  const auto outcome = taskd::json_body(request);
  if (!outcome) {
    must(outcome.error().status == 400 || outcome.error().status == 415, "a body is refused as something else");
  }
  const auto value = taskd::parse_strict_json(request.body);
  if (!value) return must(value.error().offset <= request.body.size(), "the fault is behind the end");
  must(taskd::parse_strict_json(boost::json::serialize(*value)).has_value(), "JSON that was written is not read");
}

void check_head(const Request& request) {
  must(request.headers.count("Host") <= 1 && request.headers.count("Content-Length") <= 1, "two of what is one");
  must(request.headers.count("Content-Length") + request.headers.count("Transfer-Encoding") <= 1, "two lengths");
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto value = request.headers.value(i);
    must(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos, "a value is no line");
  }
}

}  // namespace

void check_request(std::string_view text) {
  const Read whole = read_in_pieces(text, std::max<std::size_t>(1, text.size()));
  must(whole.refused == 0 || (whole.refused >= 400 && whole.refused < 500), "refused with no status of a client's");
  for (const auto& request : whole.requests) {
    check_head(*request);
    check_body(*request);
  }
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const Read cut = read_in_pieces(text, piece);
    // Of a head that is nearly too large, blanks count where it comes at once.
    const bool by_size = whole.refused == 431 || cut.refused == 431;
    const std::size_t both = std::min(whole.requests.size(), cut.requests.size());
    must(by_size || both == std::max(whole.requests.size(), cut.requests.size()), "cut otherwise there are more");
    for (std::size_t i = 0; i < both; ++i) {
      must(same(*whole.requests[i], *cut.requests[i]), "cut otherwise it is another request");
    }
  }
}

}  // namespace taskcore::testing
