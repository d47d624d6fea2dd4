// The JSON of parts of a run that more than one reader needs.
#pragma once

#include <boost/json/object.hpp>

#include "taskcore/run.hpp"

namespace taskcore {

/// `{"code", "message", "retryable", "data"}`.
boost::json::object error_to_json(const RunError& error);

}  // namespace taskcore
