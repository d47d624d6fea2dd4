// The OpenAPI document as a page to read: one HTML text, without scripts, that asks no other host for anything.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace taskd {

/// Its style sheet is expected at /docs/page.css.
std::string reference_page(const boost::json::object& document);

}  // namespace taskd
