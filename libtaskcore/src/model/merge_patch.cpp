// The algorithm of RFC 7396, as its section 2 has it.
#include "model/merge_patch.hpp"

#include <boost/json/object.hpp>

namespace taskcore {

void merge_patch(boost::json::value& target, const boost::json::value& patch) {
  const auto* changes = patch.if_object();
  if (!changes) {
    target = patch;
    return;
  }
  boost::json::object& members = target.is_object() ? target.get_object() : target.emplace_object();
  for (const auto& [name, value] : *changes) {
    if (value.is_null()) {
      members.erase(name);
    } else {
      merge_patch(members[name], value);
    }
  }
}

}  // namespace taskcore
