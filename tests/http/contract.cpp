// Contract: see contract.hpp.
#include "http/contract.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "openapi/document.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace json = boost::json;

namespace {

/// Answers that are the same for every call: one exchange is enough.
constexpr std::string_view kShared[]{"TooManyRequests", "Unavailable", "Failure"};

bool is_shared(std::string_view response) {
  return std::find(std::begin(kShared), std::end(kShared), response) != std::end(kShared);
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> out;
  for (path = path.substr(0, path.find('?'));;) {
    const std::size_t slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

/// How many parts are the same, when all that differ are parameters; else -1.
int likeness(std::string_view pattern, std::string_view target) {
  const auto wanted = parts_of(pattern);
  const auto given = parts_of(target);
  if (wanted.size() != given.size()) return -1;
  int same = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == given[i]) {
      ++same;
    } else if (!wanted[i].starts_with('{')) {
      return -1;
    }
  }
  return same;
}

void expect_none(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) FAIL_CHECK(fault);
}

}  // namespace

Contract::Contract() : document_(openapi_document()), operations_(operations_of(document_)), schema_(document_) {}

const Operation& Contract::find(std::string_view method, std::string_view target) const {
  const Operation* best = nullptr;
  int most = -1;
  for (const Operation& operation : operations_) {
    const int same = operation.method == method ? likeness(operation.path, target) : -1;
    if (same > most) {
      most = same;
      best = &operation;
    }
  }
  if (best == nullptr) throw std::logic_error("the document has no " + std::string(method) + " " + std::string(target));
  return *best;
}

AppAnswer Contract::call(std::string_view who, std::string_view method, const std::string& target,
                         std::string_view body, HeaderList headers) {
  AppAnswer answer = app_.call(who, method, target, body, headers);
  INFO(method << " " << target << " as '" << who << "' " << body.substr(0, 500));
  check(find(method, target), body, answer);
  return answer;
}

void Contract::check(const Operation& operation, std::string_view body, const AppAnswer& answer) {
  const std::string status = std::to_string(answer.status);
  INFO(operation.id() << " " << status << " " << answer.text.substr(0, 2000));
  const auto* response = operation.said->at("responses").as_object().if_contains(status);
  REQUIRE(response != nullptr);
  reached_.insert(operation.id() + " " + status);
  if (const auto name = reference_name(response->as_object()); !name.empty()) reached_.emplace(name);
  const json::object& said = resolved(document_, *response);
  check_headers(said, answer);
  if (const auto* content = said.if_contains("content")) {
    check_body(content->as_object(), answer);
  } else {
    CHECK(answer.text.empty());
  }
  if (answer.status >= 300 || operation.body == nullptr || body.empty()) return;
  INFO("what was sent, and taken: " << body.substr(0, 2000));
  expect_none(schema_.faults(operation.body->at("content").at("application/json").at("schema"), json::parse(body)));
}

void Contract::check_body(const json::object& content, const AppAnswer& answer) {
  const auto type = answer.headers.get("Content-Type").value_or("none");
  const auto* media = content.if_contains(type);
  INFO("the content type " << type);
  REQUIRE(media != nullptr);
  const bool is_json = type.ends_with("json");
  expect_none(schema_.faults(media->at("schema"), is_json ? answer.body : json::value(answer.text)));
  if (type == "application/problem+json") CHECK(answer.body.at("status") == answer.status);
}

void Contract::check_headers(const json::object& response, const AppAnswer& answer) {
  CHECK(answer.headers.count("X-Request-Id") == 1);
  const auto* headers = response.if_contains("headers");
  if (headers == nullptr) return;
  for (const auto& [name, one] : headers->as_object()) {
    INFO("the header " << std::string_view(name));
    const auto value = answer.headers.get(name);
    REQUIRE(value);
    expect_none(schema_.faults(resolved(document_, one).at("schema"), json::value(*value)));
  }
}

void Contract::check_failure(const AppAnswer& answer) {
  INFO(answer.status << " " << answer.text);
  reached_.emplace("Failure");
  check_body(document_.at("components").at("responses").at("Failure").at("content").as_object(), answer);
}

std::vector<std::string> Contract::unreached() const {
  std::set<std::string> out;
  for (const Operation& operation : operations_) {
    for (const auto& [status, response] : operation.said->at("responses").as_object()) {
      const std::string name(reference_name(response.as_object()));
      const std::string wanted = is_shared(name) ? name : operation.id() + " " + std::string(status);
      if (reached_.count(wanted) == 0) out.insert(wanted);
    }
  }
  return {out.begin(), out.end()};
}

std::string path_with(const Operation& operation, std::string_view value) {
  std::string out;
  for (const std::string_view part : parts_of(std::string_view(operation.path).substr(1))) {
    out.append("/").append(part.starts_with('{') ? value : part);
  }
  return out;
}

}  // namespace taskd::testing
