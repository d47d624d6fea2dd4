// See failure.hpp.
#include "client/failure.hpp"

#include <boost/json/parse.hpp>
#include <ostream>

#include "cli/arguments.hpp"
#include "client/visible_text.hpp"
#include "http/message.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(std::string_view(*text)) : std::string();
}

void read_problem(const json::object& problem, Failure& out) {
  out.detail = text_of(problem, "detail");
  const auto* errors = problem.if_contains("errors");
  if (errors == nullptr || !errors->is_array()) return;
  for (const auto& error : errors->get_array()) {
    if (const auto* one = error.if_object()) out.fields.push_back({text_of(*one, "pointer"), text_of(*one, "detail")});
  }
}

}  // namespace

Failure failure_of(int status, std::string_view body) {
  Failure out;
  out.status = status;
  out.exit_code = status >= 500 ? kExitUnavailable : kExitRefused;
  boost::system::error_code error;
  const json::value problem = json::parse(body, error);
  if (!error && problem.is_object()) read_problem(problem.get_object(), out);
  if (!out.detail.empty()) return out;
  out.detail = "the answer was " + std::to_string(status) + " " + std::string(reason_phrase(status));
  if (status < 400) out.detail += "; is --url (TASK_URL) the address of a taskd?";
  return out;
}

Failure interrupted() { return {kExitInterrupted, "interrupted"}; }

Failure usage_failure(std::string detail) { return {kExitUsage, std::move(detail)}; }

void print_failure(std::ostream& err, const Failure& failure, std::string_view subject) {
  std::string begin = "taskd: ";
  if (!subject.empty()) begin += visible(subject) + ": ";
  for (const auto& field : failure.fields) {
    const std::string place = field.pointer.empty() ? "" : field.pointer + ": ";
    err << begin << visible(place + field.detail) << '\n';
  }
  if (failure.fields.empty()) err << begin << visible(failure.detail) << '\n';
}

}  // namespace taskd
