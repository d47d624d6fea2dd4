// The calls of the document, one by one.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace taskd {

/// Looks into the document that it was read from.
struct Operation {
  std::string method;  ///< In capitals.
  std::string path;    ///< With its parameters in braces.
  const boost::json::object* said = nullptr;
  std::vector<const boost::json::object*> parameters{};  ///< Those of the path first.
  const boost::json::object* body = nullptr;             ///< Null: it takes none.

  std::string id() const { return said->at("operationId").as_string().c_str(); }
  bool needs_token() const { return !said->contains("security"); }

  /// The first example of the body; null where there is none.
  const boost::json::value* example() const;
};

/// In the document's order.
std::vector<Operation> operations_of(const boost::json::object& document);

}  // namespace taskd
