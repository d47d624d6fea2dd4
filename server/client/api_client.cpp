// See api_client.hpp.
#include "client/api_client.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "http/target.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

constexpr int kMostWaits = 10;
constexpr std::size_t kMaxDepth = 256;  // results of runs are as deep as they like

}  // namespace

ApiClient::ApiClient(Connection& connection, std::function<void(std::chrono::seconds)> on_limit)
    : connection_(connection), on_limit_(std::move(on_limit)) {}

Answer<Document> ApiClient::get(const std::string& target) { return call({"GET", target, {}}); }

Answer<Document> ApiClient::post(const std::string& target, const std::string& body) {
  return call({"POST", target, body});
}

Answer<Document> ApiClient::call(const ClientRequest& request) {
  auto response = ask([&] { return connection_.call(request); }, kMostWaits);
  if (!response) return response.error();
  auto value = parse_answer(response->body);
  if (!value) return foreign_answer(response->status);
  return Document{response->status, std::move(response->body), std::move(*value)};
}

Answer<ClientResponse> ApiClient::follow(const std::string& target, const std::string& last_id, bool waits,
                                         const std::function<bool(std::string_view)>& on_events) {
  return ask([&] { return connection_.follow(target, last_id, on_events); }, waits ? kMostWaits : 0);
}

Answer<ClientResponse> ApiClient::ask(const std::function<Answer<ClientResponse>()>& once, int most_waits) {
  for (int waits = 0;; ++waits) {
    auto response = once();
    if (!response) return response.error();
    const int status = response->status;
    if (status == 429 && waits < most_waits) {
      const auto time = std::max(response->retry_after, std::chrono::seconds(1));
      if (on_limit_) on_limit_(time);
      if (!connection_.wait(time)) return interrupted();
    } else if (status < 200 || status > 299) {
      return failure_of(status, response->body);
    } else {
      return response;
    }
  }
}

std::optional<json::value> parse_answer(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::value out = json::parse(text, error, {}, options);
  if (error || !out.is_object()) return std::nullopt;
  return out;
}

Failure foreign_answer(int status) {
  return {kExitUnavailable, "the answer is not what a taskd says; is --url (TASK_URL) the address of one?", status};
}

std::string query(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!value.empty()) out += (out.empty() ? "?" : "&") + std::string(name) + "=" + percent_encode(value);
  }
  return out;
}

std::string task_path_of(std::string_view id) { return "/api/tasks/" + percent_encode(id); }

std::string path_of(std::string_view id) {
  return is_run_id(id) ? "/api/runs/" + percent_encode(id) : task_path_of(id);
}

bool is_run_id(std::string_view id) noexcept {
  constexpr std::string_view kPrefix = "run_";
  if (!id.starts_with(kPrefix) || id.size() == kPrefix.size()) return false;
  return id.find_first_not_of("0123456789", kPrefix.size()) == std::string_view::npos;
}

std::string_view text_at(const json::value& object, std::string_view name) {
  const auto* text = member(object, name).if_string();
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

const json::value& member(const json::value& object, std::string_view name) {
  static const json::value kNone;
  const auto* members = object.if_object();
  const auto* found = members != nullptr ? members->if_contains(name) : nullptr;
  return found != nullptr ? *found : kNone;
}

const json::array& list_at(const json::value& page, std::string_view name) {
  static const json::array kNone;
  const auto* list = member(page, name).if_array();
  return list != nullptr ? *list : kNone;
}

}  // namespace taskd
