// Tasks and runs as responses, and entity tags.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "http/message.hpp"
#include "taskcore/query.hpp"

namespace taskd {

/// The task with its `lastRun`; `last_run` may be null.
boost::json::object task_json(const taskcore::Task& task, const taskcore::Run* last_run);
boost::json::object task_json(const Api& api, const taskcore::Task& task);

/// None when it has none, or when that is gone.
std::optional<taskcore::Run> last_run_of(const Api& api, const taskcore::Task& task);

/// The task with its ETag.
Response task_response(const taskcore::Task& task, const taskcore::Run* last_run, int status = 200);
Response task_response(const Api& api, const taskcore::Task& task, int status = 200);

/// `{"<name>": items, "nextCursor": …}`
Response page_response(std::string_view name, boost::json::array items, const std::string& next_cursor);

/// A response that goes on with what comes out of `stream`.
Response stream_response(std::shared_ptr<EventStream> stream);

/// Where the task or run is found.
std::string task_path(std::string_view id);
std::string run_path(std::string_view id);

/// What a request demands of the task's version by If-Match.
struct VersionDemand {
  bool any = true;    ///< No If-Match, or "*".
  bool holds = true;  ///< The version is among those that the client named.
};
VersionDemand version_demand(const Request& request, std::int64_t version);

}  // namespace taskd
