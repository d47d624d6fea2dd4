// Cross-origin calls: which pages' scripts may call, as browsers ask it (the Fetch standard). Tokens travel in a header
// that the page itself sets, so no credentials of the browser's are ever allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/reply.hpp"

namespace taskd {

/// True for "https://example.org" or "http://localhost:8080": what a browser sends as Origin, and nothing else.
bool is_origin(std::string_view text) noexcept;

/// `origins` are compared letter by letter; "*" stands for any but "null". Preflights are answered here, before anybody
/// asks for a token. With no origins nothing is added at all.
Handler with_cors(Handler next, std::vector<std::string> origins);

}  // namespace taskd
