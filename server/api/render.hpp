// Tasks and runs as responses, and entity tags.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.hpp"
#include "http/message.hpp"
#include "taskcore/query.hpp"

namespace taskd {

/// The task as JSON text, without its secrets and with its `lastRun`; `last_run` may be null.
std::string task_text(taskcore::Task task, const taskcore::Run* last_run);
std::string task_text(const Api& api, taskcore::Task task);

/// Puts it behind the members of a task's text.
std::string with_last_run(std::string task, const taskcore::Run* last_run);

/// None when it has none, or when that is gone.
std::optional<taskcore::Run> last_run_of(const Api& api, const taskcore::Task& task);

/// The task's text with its ETag.
Response task_response(std::string text, std::int64_t version, int status = 200);
Response task_response(const Api& api, taskcore::Task task);

/// `{"<name>": items, "nextCursor": …}`; items may be texts of JSON.
Response page_response(std::string_view name, const std::vector<std::string>& items, const std::string& next_cursor);
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
