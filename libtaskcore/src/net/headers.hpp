// What may stand in a header (RFC 9110, 5). Pure.
#pragma once

#include <string_view>

namespace taskcore::net {

bool is_header_name(std::string_view name) noexcept;

/// No control characters but tabs, so that no value ends its line.
bool is_header_value(std::string_view value) noexcept;

/// One that says how a message travels, or where to: the client's own.
bool is_framing_header(std::string_view name) noexcept;

/// Whether both are one name, whatever their case.
bool same_name(std::string_view a, std::string_view b) noexcept;

}  // namespace taskcore::net
