// Responses: see render.hpp.
//
// An entity tag is "<version>-<hash of the body>". The version is what edits are checked against; the hash is there
// because a run changes what a task looks like without editing it, and a client that polls must see that.
#include "api/render.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <functional>

#include "api/masked.hpp"
#include "http/entity_tags.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

std::string etag_of(std::int64_t version, std::string_view body) {
  char digits[17];
  const auto end = std::to_chars(digits, digits + sizeof digits, std::hash<std::string_view>{}(body), 16).ptr;
  return "\"" + std::to_string(version) + "-" + std::string(digits, end) + "\"";
}

}  // namespace

std::string with_last_run(std::string task, const taskcore::Run* last_run) {
  task.back() = ',';
  task += "\"lastRun\":";
  task += last_run != nullptr ? json::serialize(taskcore::to_json(*last_run)) : "null";
  task += '}';
  return task;
}

std::string task_text(taskcore::Task task, const taskcore::Run* last_run) {
  mask_secrets(task);
  return with_last_run(taskcore::to_json_text(task), last_run);
}

Response stream_response(std::shared_ptr<EventStream> stream) {
  Response response;
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-store");
  response.stream = std::move(stream);
  return response;
}

std::optional<taskcore::Run> last_run_of(const Api& api, const taskcore::Task& task) {
  if (task.last_run_id.empty()) return std::nullopt;
  auto run = api.scheduler.get_run(task.last_run_id);
  return run ? std::optional(std::move(*run)) : std::nullopt;
}

std::string task_text(const Api& api, taskcore::Task task) {
  const auto last_run = last_run_of(api, task);
  return task_text(std::move(task), last_run ? &*last_run : nullptr);
}

Response task_response(std::string text, std::int64_t version, int status) {
  Response response = json_text_response(std::move(text), status);
  response.headers.add("ETag", etag_of(version, response.body));
  return response;
}

Response task_response(const Api& api, taskcore::Task task) {
  const auto version = task.version;
  return task_response(task_text(api, std::move(task)), version);
}

Response page_response(std::string_view name, const std::vector<std::string>& items, const std::string& next_cursor) {
  std::string body = "{\"";
  body.append(name).append("\":[");
  for (const std::string& item : items) {
    if (&item != &items.front()) body += ',';
    body += item;
  }
  body.append("],\"nextCursor\":").append(next_cursor.empty() ? "null" : json::serialize(json::string(next_cursor)));
  return json_text_response(body += '}');
}

Response page_response(std::string_view name, json::array items, const std::string& next_cursor) {
  json::object body;
  body[name] = std::move(items);
  json::value& cursor = body["nextCursor"];
  if (!next_cursor.empty()) cursor = next_cursor;
  return json_response(std::move(body));
}

std::string task_path(std::string_view id) { return "/api/tasks/" + percent_encode(id); }
std::string run_path(std::string_view id) { return "/api/runs/" + percent_encode(id); }

VersionDemand version_demand(const Request& request, std::int64_t version) {
  VersionDemand demand;
  if (request.headers.count("If-Match") == 0) return demand;
  demand.any = demand.holds = false;
  const std::string wanted = std::to_string(version);
  each_entity_tag(request.headers, "If-Match", [&](std::string_view tag) {
    if (tag == "*") demand.any = demand.holds = true;
    // A weak tag never matches here (RFC 9110 13.1.1); of ours only the version counts.
    if (tag.size() < 2 || tag.front() != '"') return;
    const std::string_view inner = tag.substr(1, tag.size() - 2);
    demand.holds = demand.holds || inner.substr(0, inner.find('-')) == wanted;
  });
  return demand;
}

}  // namespace taskd
