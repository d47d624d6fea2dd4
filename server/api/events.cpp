// GET /api/events.
#include <algorithm>
#include <charconv>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "live/event_reader.hpp"

namespace taskd {

using taskcore::Event;

namespace {

bool is_type(std::string_view name) {
  if (name == "task" || name == "run") return true;
  for (const Event::Type type :
       {Event::Type::task_created, Event::Type::task_updated, Event::Type::task_deleted, Event::Type::run_created,
        Event::Type::run_started, Event::Type::run_retrying, Event::Type::run_settled, Event::Type::run_progress}) {
    if (to_string(type) == name) return true;
  }
  return false;
}

Outcome<EventFilter> read_filter(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"taskId", "type"});
  EventFilter filter{parameters.text("taskId"), parameters.list("type")};
  if (parameters.problem()) return *parameters.problem();
  if (!std::all_of(filter.types.begin(), filter.types.end(), is_type)) {
    return make_problem(400, "Query parameter \"type\" takes task, run, or types of events such as run.settled.");
  }
  if (!filter.task_id.empty()) {
    if (const auto task = visible_task(api, *request.identity, filter.task_id); !task) return task.error();
  }
  return filter;
}

/// The event that the client had last. One that cannot be ours is one that is too old: the stream says so.
std::uint64_t last_event(const Request& request, std::uint64_t mark) {
  const auto header = request.headers.get("Last-Event-ID");
  if (!header) return mark;
  std::uint64_t id = 0;
  const char* const end = header->data() + header->size();
  const auto [last, ec] = std::from_chars(header->data(), end, id);
  return ec == std::errc() && last == end ? id : 0;
}

std::optional<Problem> open_events(Call call) {
  auto filter = read_filter(*call.api, *call.request);
  if (!filter) return filter.error();
  const auto& live = call.api->live;
  auto seat = live->take_seat(call.caller().user);
  if (!seat) return seat.error();
  const std::uint64_t after = last_event(*call.request, live->mark());
  auto reader = std::make_shared<EventReader>(live, call.request, std::move(*seat), std::move(*filter), after);
  reader->push("retry: 1000\nid: " + std::to_string(after) + "\n\n");
  live->join(reader);
  call.reply(stream_response(std::move(reader)));
  return std::nullopt;
}

}  // namespace

void add_events(Router& router, const ApiPtr& api) { router.add(Method::get, "/api/events", later(api, open_events)); }

}  // namespace taskd
