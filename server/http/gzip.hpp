// The gzip content coding (RFC 1952), and whether a client takes it.
#pragma once

#include <string>
#include <string_view>

#include "http/headers.hpp"

namespace taskd {

/// True when Accept-Encoding takes gzip, and does not like an uncoded answer better. What is malformed is not taken.
bool accepts_gzip(const Headers& headers);

/// `text` as gzip. Throws std::bad_alloc.
std::string gzip(std::string_view text);

}  // namespace taskd
