// The JSON fields of a TaskSpec, in the order in which they are written.
#pragma once

#include <span>

#include "model/fields.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// `type` and `config` read here replace what was there; merging them is for the caller.
std::span<const Field<TaskSpec>> spec_fields() noexcept;

}  // namespace taskcore
