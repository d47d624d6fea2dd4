// Refused attempts: see refusals.hpp.
#include "api/refusals.hpp"

#include <boost/json/serialize.hpp>

#include "middleware/rate_limit.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxTarget = 128;  ///< No id is longer.
constexpr std::size_t kMaxPath = 256;

std::string segment(const Request& request, std::size_t index) {
  return index < request.segments.size() ? request.segments[index] : std::string();
}

bool changes(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch || method == Method::remove;
}

/// Whether that which the caller was told not to be there is there all the same.
bool is_there(const taskcore::Scheduler& scheduler, const Request& request) {
  const std::string room = segment(request, 1);
  const std::string id = segment(request, 2);
  if (id.empty() || id.size() > kMaxTarget) return false;
  if (room == "tasks") return scheduler.get(id).has_value();
  if (room == "runs" || room == "workflow-runs") return scheduler.get_run(id).has_value();
  return false;
}

/// A request without any token is nobody's attempt, and one for which there is no route is none at all. What is not
/// there is recorded, too: else the time that a row takes would tell what is.
bool is_refused(const Request& request, int status) {
  if (status == 401) return !request.refusal.empty();
  if (!request.identity || request.route.empty()) return false;
  return status == 403 || (status == 404 && changes(request.method));
}

/// The first bytes of a UTF-8 text, at most so many, in whole characters.
std::string beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most));
}

void record(const Api& api, RefusalPace& pace, const Request& request, int status) {
  if (!is_refused(request, status)) return;
  taskcore::AuditEntry entry;
  entry.action = status == 401 ? "auth.refused" : action_of(request);
  const auto left_out = pace.take(rate_key(request) + " " + entry.action + " " + std::to_string(status),
                                  std::chrono::steady_clock::now());
  if (!left_out) return;
  if (request.identity) {
    entry.actor = request.identity->user;
    entry.role = to_string(request.identity->role);
  }
  if (segment(request, 2).size() <= kMaxTarget) entry.target = segment(request, 2);
  entry.outcome = "refused";
  entry.request_id = request.id;
  json::object how{{"status", status},
                   {"method", to_string(request.method)},
                   {"path", beginning(request.path, kMaxPath)},
                   {"address", request.remote_address}};
  if (status == 401) how["reason"] = request.refusal;
  if (status == 404) how["exists"] = is_there(api.scheduler, request);
  if (left_out->repeated > 0) how["repeated"] = left_out->repeated;
  if (left_out->others > 0) how["others"] = left_out->others;
  entry.after = json::serialize(how);
  api.scheduler.async_append_audit(std::move(entry), [](const taskcore::Result<void>&) {});
}

/// Of POST /api/tasks/:id/execute, /api/runs:cancel and the like.
std::string verb_of(const std::string& room, const std::string& verb) {
  if (room == "workflow-runs") return "workflow." + (verb == "retry-failed" ? "retry" : verb);
  return (room == "runs" ? "run." : "task.") + verb;
}

}  // namespace

std::optional<RefusalPace::Uncounted> RefusalPace::take(const std::string& key, Time now) {
  const std::lock_guard lock(mutex_);
  if (!began_ || now - *began_ >= std::chrono::minutes(1)) {
    began_ = now;
    for (const auto& [gone, count] : before_) others_ += count;
    before_ = std::exchange(now_, {});
  }
  if (const auto known = now_.find(key); known != now_.end()) {
    ++known->second;
    return std::nullopt;
  }
  if (now_.size() == kMostRows) {
    ++others_;
    return std::nullopt;
  }
  now_.emplace(key, 0);
  Uncounted out;
  if (auto was = before_.extract(key)) out.repeated = was.mapped();
  out.others = std::exchange(others_, 0);
  return out;
}

std::string action_of(const Request& request) {
  std::string room = segment(request, 1);
  if (room.size() > kMaxTarget) room.clear();
  if (!changes(request.method)) return (room.empty() ? "api" : room) + ".read";
  const std::size_t colon = room.find(':');
  if (room == "dead-letters:redrive") return "run.retry";
  if (room == "tasks:batch") return "task.create";
  if (colon != std::string::npos) return verb_of(room.substr(0, colon), room.substr(colon + 1));
  if (room == "queues") return "queue.put";
  if (room == "calendars") return request.method == Method::remove ? "calendar.delete" : "calendar.put";
  if (request.segments.size() > 3) return verb_of(room, beginning(segment(request, 3), kMaxTarget));
  if (request.method == Method::post) return "task.create";
  return request.method == Method::remove ? "task.delete" : "task.update";
}

Handler with_refusals_recorded(Handler next, ApiPtr api) {
  auto pace = std::make_shared<RefusalPace>();
  return [next = std::move(next), api = std::move(api), pace = std::move(pace)](std::shared_ptr<Request> request,
                                                                                Reply reply) {
    // Behind the answer, which thus tells nothing by its time.
    reply.after(
        [request, api, pace](const Reply::Answered& answered) { record(*api, *pace, *request, answered.status); });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
