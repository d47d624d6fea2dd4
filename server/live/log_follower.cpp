// LogFollower: see log_follower.hpp.
#include "live/log_follower.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "api/access.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Status;

namespace {

constexpr std::size_t kLinesAtOnce = 100;
/// What no event announces, such as the work of another node on a shared store, is found this many ticks late at most.
constexpr unsigned kQuietTicks = 16;

bool has_ended(Status status) { return status != Status::pending && status != Status::running; }

}  // namespace

LogFollower::LogFollower(ApiPtr api, std::shared_ptr<const Request> request, std::shared_ptr<void> seat,
                         taskcore::LogQuery query)
    : LiveStream(std::move(request), std::move(seat)), api_(std::move(api)), query_(std::move(query)) {
  query_.limit = kLinesAtOnce;
}

void LogFollower::heard(std::span<const ToldPtr> fresh) {
  const bool concerned = std::any_of(fresh.begin(), fresh.end(),
                                     [this](const ToldPtr& told) { return told->event.task_id == query_.task_id; });
  if (concerned) read_on();
}

void LogFollower::tick(unsigned count) {
  const bool is_quiet = [this] {
    const std::lock_guard lock(mutex_);
    return !is_running_;
  }();
  if (!is_quiet || count % kQuietTicks == 0) read_on();
}

/// Of the run, or of the task. None, and the stream is over, when the caller may not see it, or not any more.
std::optional<Status> LogFollower::status() {
  const auto of = [this](const auto& found) -> std::optional<Status> {
    if (found) return found->status;
    if (found.error().status == 404) finish();
    return std::nullopt;
  };
  if (query_.run_id.empty()) return of(visible_task(*api_, caller(), query_.task_id));
  return of(visible_run(*api_, caller(), query_.run_id));
}

void LogFollower::read_on() {
  const std::lock_guard lock(mutex_);
  while (!is_over()) {
    const auto status = this->status();  // before the lines: those of a run that is over are all there
    if (!status) return;
    is_running_ = *status == Status::running;
    const auto page = api_->scheduler.logs(query_);
    if (!page && page.error().code == taskcore::Errc::not_found) return finish();  // its task has been deleted
    if (!page) return;  // the store is in trouble; the next tick asks again
    std::string_view cursors = page->next_cursor;
    for (const taskcore::LogEntry& line : page->items) {
      const std::string_view cursor = cursors.substr(0, cursors.find(' '));
      if (!push(event_text(cursor, "log", json::serialize(taskcore::to_json(line))))) return;
      query_.cursor = cursor;
      cursors.remove_prefix(cursor.size() + 1);
    }
    query_.cursor = cursors;
    if (page->items.size() == query_.limit) continue;
    if (!query_.run_id.empty() && has_ended(*status) && tell_end(*status)) finish();
    return;
  }
}

bool LogFollower::tell_end(Status status) {
  const json::object data{{"runId", query_.run_id}, {"status", to_string(status)}};
  return push(event_text({}, "end", json::serialize(data)));
}

}  // namespace taskd
