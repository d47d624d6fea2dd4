// Contract: see contract.hpp.
#include "http/contract.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "http/event_client.hpp"
#include "openapi/document.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace json = boost::json;

namespace {

/// Answers that are the same for every call: one exchange is enough.
constexpr std::string_view kShared[]{"TooManyRequests", "TooManyStreams", "Unavailable", "Failure"};

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

constexpr std::string_view kKey = "Idempotency-Key";

bool takes_key(const Operation& operation) {
  return std::any_of(operation.parameters.begin(), operation.parameters.end(),
                     [](const json::object* one) { return one->at("name").as_string() == kKey; });
}

bool is_json(std::string_view type) { return type == "application/json" || type == "application/problem+json"; }

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
  if (method == "GET" && answer.status == 200) read_again(who, target, answer);
  return answer;
}

/// What has changed meanwhile comes with another tag, and may be asked for by that.
void Contract::read_again(std::string_view who, const std::string& target, const AppAnswer& first) {
  AppAnswer last = first;
  for (int tries = 0; tries < 5 && last.status == 200; ++tries) {
    const std::string tag(last.headers.get("ETag").value());
    last = app_.call(who, "GET", target, "", {{"If-None-Match", tag}});
    check(find("GET", target), "", last);
    CHECK((last.status == 304) == (last.headers.get("ETag") == tag));
  }
}

AppAnswer Contract::post_once(std::string_view who, const std::string& target, std::string_view body) {
  const Operation& operation = find("POST", target);
  const std::string key = "key-" + std::to_string(++keys_);
  const auto first = call(who, "POST", target, body, {{kKey, key}});
  const auto again = call(who, "POST", target, body, {{kKey, key}});
  INFO("again, under a key: " << operation.id());
  CHECK(takes_key(operation));
  CHECK(again.status == first.status);
  CHECK(again.text == first.text);
  CHECK_FALSE(first.headers.get("Idempotency-Replayed"));
  CHECK(again.headers.get("Idempotency-Replayed") == "true");
  reached_.insert(operation.id() + " " + std::string(kKey));
  return first;
}

void Contract::follow(std::string_view who, const std::string& target, std::string_view until,
                      const std::function<void()>& then, const std::string& last_id) {
  const TestListener listener({}, app_.handler());
  EventClient client(listener.port(), target, app_.token(who), last_id);
  AppAnswer head{client.response().status, {}, {}, {}};
  for (const auto& [name, value] : client.response().headers) head.headers.add(name, value);
  const Operation& operation = find("GET", target);
  check(operation, "", head);
  if (then) then();
  const auto& events =
      operation.said->at("responses").at("200").at("content").at("text/event-stream").at("x-events").as_object();
  for (std::string name; name != until;) {
    const auto event = client.next();
    REQUIRE(event);
    name = event->name;
    INFO("the event " << name << " of " << target);
    REQUIRE(events.contains(name));
    expect_none(schema_.faults(events.at(name), event->data));
  }
}

const Operation& Contract::named(std::string_view id) const {
  for (const Operation& operation : operations_) {
    if (operation.id() == id) return operation;
  }
  throw std::logic_error("no such operation");
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
  expect_none(schema_.faults(media->at("schema"), is_json(type) ? answer.body : json::value(answer.text)));
  if (const auto* line = media->as_object().if_contains("x-line")) check_lines(*line, answer.text);
  if (type == "application/problem+json") CHECK(answer.body.at("status") == answer.status);
}

void Contract::check_lines(const json::value& schema, std::string_view lines) {
  for (; !lines.empty(); lines.remove_prefix(lines.find('\n') + 1)) {
    REQUIRE(lines.find('\n') != std::string_view::npos);
    expect_none(schema_.faults(schema, json::parse(lines.substr(0, lines.find('\n')))));
  }
}

void Contract::check_headers(const json::object& response, const AppAnswer& answer) {
  CHECK(answer.headers.count("X-Request-Id") == 1);
  const auto* headers = response.if_contains("headers");
  if (headers == nullptr) return;
  for (const auto& [name, one] : headers->as_object()) {
    INFO("the header " << std::string_view(name));
    const json::object& header = resolved(document_, one);
    const auto value = answer.headers.get(name);
    if (!value && !header.contains("required")) continue;
    REQUIRE(value);
    expect_none(schema_.faults(header.at("schema"), json::value(*value)));
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
    const std::string with_key = operation.id() + " " + std::string(kKey);
    if (takes_key(operation) && reached_.count(with_key) == 0) out.insert(with_key);
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
