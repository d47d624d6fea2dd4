// Request ids: unique in practice, cheap to make, and safe to print.
#pragma once

#include <string>
#include <string_view>

namespace taskd {

/// A new id: a random part of this process and a count.
std::string make_request_id();

/// True for what we take over from a client: 1 to 128 letters, digits and "-_.:".
bool is_sane_request_id(std::string_view text) noexcept;

}  // namespace taskd
