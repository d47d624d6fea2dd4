// Tokens that are refused although they are good: their ids (`jti`), from a file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

#include "auth/text_file.hpp"

namespace taskd {

inline constexpr std::size_t kMaxDenylist = 16 * 1024 * 1024;

using Denylist = std::unordered_set<std::string>;

/// Gives the list in force now. From any thread.
using DenylistSource = std::function<std::shared_ptr<const Denylist>()>;

/// One id a line. What follows a "#" at the begin of a line or after a blank is a comment. Errors: `invalid`, naming
/// the line.
taskcore::Result<Denylist> read_denylist(const TextFile& file);

}  // namespace taskd
