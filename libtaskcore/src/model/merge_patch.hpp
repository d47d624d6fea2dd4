// JSON Merge Patch, RFC 7396.
#pragma once

#include <boost/json/value.hpp>

namespace taskcore {

/// Brings `target` to what `patch` says: null removes a member, an object goes deeper, all else replaces.
void merge_patch(boost::json::value& target, const boost::json::value& patch);

}  // namespace taskcore
