// JSON Schemas as HTML, as far as the document uses them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace taskd {

/// In a few words: "list of Run or null, at most 10 items", with links to what it refers to.
std::string schema_words(const boost::json::object& schema);

/// The table of its members, and what else it demands; empty where it is no object.
std::string schema_table(const boost::json::object& schema);

}  // namespace taskd
