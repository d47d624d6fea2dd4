// Notifications as JSON: {"onFailure": {"webhook": {…}}, "onLate": {"after": 60000, "task": "id"}}; several of a kind
// are a list.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "model/faults.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// Null for none.
boost::json::value write_notify(const std::vector<Notification>& notify);
void read_notify(const boost::json::value& value, std::vector<Notification>& to, const std::string& pointer,
                 Faults& faults);

/// Where the notification stands, such as "/notify/onFailure/1".
std::string notify_pointer(const std::vector<Notification>& notify, std::size_t index);

}  // namespace taskcore
