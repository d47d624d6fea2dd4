// Entity tags (RFC 9110 8.8.3): making them, and those that a request names.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace taskd {

/// Calls `take` with each tag of the fields of that name as it stands there, quotes and all, or with "*".
void each_entity_tag(const Headers& headers, std::string_view name, const std::function<void(std::string_view)>& take);

/// A weak tag: good to see whether something has changed, not to guard an edit of it.
std::string weak_tag(std::string_view body);

/// What the same answer's tag is in its gzip coding: a strong tag stands for bytes, and those are others.
std::string gzip_tag(std::string_view tag);

/// The tag among those of If-None-Match by which the client has what `tag` stands for, be it in its gzip coding.
std::optional<std::string> known_tag(const Request& request, std::string_view tag);

}  // namespace taskd
