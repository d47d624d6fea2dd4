#include "net/call_outcome.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "executors/utf8.hpp"
#include "net/retry_after.hpp"

namespace taskcore::net {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxResult = 200 * 1024;  // a result may have 256 KiB, the headers and quotes included
constexpr std::size_t kMaxHeaders = 16 * 1024;
constexpr std::size_t kShown = 2000;

bool is_json(std::string_view type) {
  const auto end = std::min(type.find(';'), type.size());
  const std::string_view plain = type.substr(0, end);
  return plain.starts_with("application/json") || (plain.starts_with("application/") && plain.ends_with("+json"));
}

std::string text_of(std::string_view body, std::size_t most) {
  std::string scratch;
  const std::string_view text = repair_utf8(body, scratch);
  return std::string(text.substr(0, cut_utf8(text, most)));
}

json::object headers_of(const HttpResponse& response) {
  json::object out;
  std::size_t size = 0;
  std::string scratch;
  for (const auto& [name, value] : response.headers) {
    if (name == "set-cookie" || (size += name.size() + value.size()) > kMaxHeaders) continue;
    const std::string_view text = repair_utf8(value, scratch);
    auto& entry = out[name];
    entry =
        entry.is_string() ? json::value(std::string(entry.get_string()) + ", " + std::string(text)) : json::value(text);
  }
  return out;
}

json::value result_of(const HttpResponse& response) {
  json::object out{{"status", response.status}, {"headers", headers_of(response)}};
  if (is_json(response.header("content-type")) && response.body.size() <= kMaxResult) {
    boost::system::error_code bad;
    json::value body = json::parse(response.body, bad);
    if (!bad && json::serialize(body).size() <= kMaxResult) {
      out["body"] = std::move(body);
      return out;
    }
  }
  std::string text = text_of(response.body, kMaxResult);
  while (json::serialize(text).size() > kMaxResult) text.resize(cut_utf8(text, text.size() / 2));
  if (text.size() < response.body.size()) out["truncated"] = true;
  out["body"] = std::move(text);
  return out;
}

bool is_expected(const CallConfig& config, int status) {
  return std::any_of(config.expected.begin(), config.expected.end(),
                     [&](const StatusRange& range) { return status >= range.first && status <= range.last; });
}

bool may_be_tried_again(int status) { return status >= 500 || status == 408 || status == 425 || status == 429; }

}  // namespace

Outcome outcome_of(const CallConfig& config, const CallEnd& end, TimePoint now) {
  if (!end.response) return Outcome::failure(end.code, end.message, end.retryable);
  const HttpResponse& response = *end.response;
  if (is_expected(config, response.status)) return Outcome::success(result_of(response));
  std::string message =
      config.request.method + " " + config.request.target.origin() + " answered " + std::to_string(response.status);
  if (response.status / 100 == 3) message += "; followRedirects follows it";
  Outcome out = Outcome::failure("http_status", std::move(message), may_be_tried_again(response.status));
  out.error.data = json::object{{"httpStatus", response.status}, {"body", text_of(response.body, kShown)}};
  if (out.error.retryable) out.retry_after = read_retry_after(response.header("retry-after"), now);
  return out;
}

}  // namespace taskcore::net
