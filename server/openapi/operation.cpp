// The calls of the document: see operation.hpp.
#include "openapi/operation.hpp"

#include <boost/json/array.hpp>

#include "openapi/document.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

void add_parameters(const json::object& document, const json::object& source, Operation& to) {
  const auto* parameters = source.if_contains("parameters");
  if (parameters == nullptr) return;
  for (const json::value& one : parameters->as_array()) to.parameters.push_back(&resolved(document, one));
}

}  // namespace

const json::value* Operation::example() const {
  if (body == nullptr) return nullptr;
  const auto* examples = body->at("content").at("application/json").as_object().if_contains("examples");
  return examples != nullptr ? &examples->as_object().begin()->value().at("value") : nullptr;
}

std::vector<Operation> operations_of(const json::object& document) {
  std::vector<Operation> out;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [name, said] : item.as_object()) {
      if (name == "parameters") continue;
      Operation operation{std::string(name), std::string(path), &said.as_object()};
      for (char& c : operation.method) c = static_cast<char>(c - 'a' + 'A');
      add_parameters(document, item.as_object(), operation);
      add_parameters(document, said.as_object(), operation);
      if (const auto* body = said.as_object().if_contains("requestBody")) operation.body = &resolved(document, *body);
      out.push_back(std::move(operation));
    }
  }
  return out;
}

}  // namespace taskd
