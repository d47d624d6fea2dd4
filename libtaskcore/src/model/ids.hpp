// The ids that taskcore gives: UUIDv7 for tasks, and the public name of a run, which is the store's key in other
// clothes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "taskcore/random.hpp"
#include "taskcore/store.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// A UUID of version 7 (RFC 9562) in lower case: the milliseconds of `now`, then 74 random bits. Ids of different
/// milliseconds sort by time, as text too; those of one millisecond do not sort.
std::string make_uuid_v7(TimePoint now, Random& random);

/// "run_" and the key in decimal.
std::string run_id(RunKey key);

/// The key in `id`; none when it is not exactly what `run_id` gives for a positive key.
std::optional<RunKey> parse_run_id(std::string_view id) noexcept;

}  // namespace taskcore
