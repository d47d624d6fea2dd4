// What must hold of any bytes at all that a client sends to the server. All throw std::runtime_error where it does not.
#pragma once

#include <string_view>

namespace taskcore::testing {

/// Bytes of a connection: they mean the same however they are cut, and a body that is JSON is the same when written.
void check_request(std::string_view text);

/// A target: what it was taken apart into can be put together again; parameters of lists are read or refused in words.
void check_target(std::string_view text);

/// A token, checked with a key of each kind; and, rightly signed, the claims and the header of one.
void check_token(std::string_view text);

}  // namespace taskcore::testing
