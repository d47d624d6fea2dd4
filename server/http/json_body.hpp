// A request's body as JSON, or the problem that says why it is none.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "http/message.hpp"
#include "http/problem.hpp"

namespace taskd {

/// 415 unless Content-Type is application/json (or …+json), 400 with the place when the text is not strict JSON or
/// there is no body.
Outcome<boost::json::value> json_body(const Request& request);

/// The same, for an object; 422 when it is something else.
Outcome<boost::json::object> json_object_body(const Request& request);

/// The same, for an array.
Outcome<boost::json::array> json_array_body(const Request& request);

/// The same as for an object, but no body at all is an empty object.
Outcome<boost::json::object> optional_json_object_body(const Request& request);

/// 422 for any member, of a call that takes none.
std::optional<Problem> refuse_members(const Request& request);

/// A 200 (or `status`) with `value` as its body.
Response json_response(const boost::json::value& value, int status = 200);

/// Likewise of what is JSON text already.
Response json_text_response(std::string text, int status = 200);

}  // namespace taskd
