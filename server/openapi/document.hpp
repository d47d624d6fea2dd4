// The OpenAPI document: what the REST interface takes and gives, as clients' tools read it. It is written by hand, one
// file a resource; tests/http/contract_test.cpp holds it against the server.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace taskd {

/// The parts as one, with the library's version.
boost::json::object openapi_document();

/// `value`, or what its `$ref` within `document` names.
const boost::json::object& resolved(const boost::json::object& document, const boost::json::value& value);

/// The last word of a `$ref`: "Task" of "#/components/schemas/Task". Empty where there is none.
std::string_view reference_name(const boost::json::object& schema);

}  // namespace taskd
