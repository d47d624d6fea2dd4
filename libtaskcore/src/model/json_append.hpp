// JSON values written behind a text, byte for byte as Boost.JSON serializes them, without what it takes to begin.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace taskcore {

void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, const boost::json::object& object);
void append_json(std::string& out, const boost::json::value& value);

/// `"name":`, after a comma where it is not the first in the object that `out` ends with. The name is of our own:
/// plain.
void begin_member(std::string& out, std::string_view name);

}  // namespace taskcore
