// Calls as command lines of curl.
#pragma once

#include <string>

#include "openapi/operation.hpp"

namespace taskd {

/// What the examples take to be set.
std::string curl_setup();

/// A call with all that it needs, and the first example of its body.
std::string curl_example(const Operation& operation);

}  // namespace taskd
