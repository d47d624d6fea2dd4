// Problem documents: see problem.hpp.
#include "http/problem.hpp"

#include <boost/json.hpp>

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;

namespace {

int status_of(Errc code) noexcept {
  switch (code) {
    case Errc::invalid:
      return 422;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
    case Errc::cycle:
    case Errc::has_dependents:
    case Errc::stale:
      return 409;
    case Errc::over_quota:
      return 403;
    case Errc::overloaded:
    case Errc::unavailable:
    case Errc::storage_full:
    case Errc::locked:
    case Errc::stopped:
    case Errc::corrupt:
    case Errc::timeout:
      return 503;
    case Errc::would_deadlock:
    case Errc::internal:
      break;
  }
  return 500;
}

/// Seconds after which another try makes sense: a full queue drains at once, a full disk does not.
std::string_view retry_after(Errc code) noexcept {
  return code == Errc::overloaded || code == Errc::timeout ? "1" : "5";
}

}  // namespace

Problem field_problem(std::string pointer, std::string detail) {
  std::string text = pointer.empty() ? detail : pointer + ": " + detail;
  return Problem{422, std::move(text), {{std::move(pointer), std::move(detail)}}, {}};
}

std::string_view trouble_words(Errc code) noexcept {
  switch (code) {
    case Errc::storage_full:
      return "The disk is full: nothing can be written until there is room again.";
    case Errc::unavailable:
    case Errc::locked:
      return "The store cannot be used at present.";
    case Errc::corrupt:
      return "The store is damaged.";
    default:
      return {};
  }
}

Problem to_problem(const taskcore::Error& error) {
  Problem problem{status_of(error.code), error.detail, error.fields, {}};
  if (problem.status == 500) problem.detail = "The server failed to do this; its log has the reason.";
  if (const auto words = trouble_words(error.code); !words.empty()) problem.detail = words;
  if (problem.status == 503) problem.headers.set("Retry-After", retry_after(error.code));
  return problem;
}

Response to_response(const Problem& problem, std::string_view request_id) {
  json::object body;
  body["type"] = "about:blank";
  body["title"] = reason_phrase(problem.status);
  body["status"] = problem.status;
  body["detail"] = problem.detail;
  if (!problem.errors.empty()) {
    json::array errors;
    for (const auto& field : problem.errors) {
      errors.push_back(json::object{{"pointer", field.pointer}, {"detail", field.detail}});
    }
    body["errors"] = std::move(errors);
  }
  body["requestId"] = request_id;

  Response response;
  response.status = problem.status;
  response.headers = problem.headers;
  response.headers.set("Content-Type", "application/problem+json");
  response.body = json::serialize(body);
  return response;
}

}  // namespace taskd
