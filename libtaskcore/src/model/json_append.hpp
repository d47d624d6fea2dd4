// JSON values written behind a text, byte for byte as Boost.JSON serializes them, without what it takes to begin.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace taskcore {

void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, const boost::json::object& object);
void append_json(std::string& out, const boost::json::value& value);

/// `"name":value`, after a comma where it is not the first in the object that `out` ends with.
void append_member(std::string& out, std::string_view name, const boost::json::value& value);
void append_member(std::string& out, std::string_view name, const boost::json::object& value);

}  // namespace taskcore
