// JSON for people to read and to keep under version control.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace taskd {

/// Indented by two blanks a level; what holds no list and no object, and is short, is one line. Numbers keep their
/// kind: 2.0 is not 2.
std::string pretty_json(const boost::json::value& value, std::size_t indent = 0);

}  // namespace taskd
