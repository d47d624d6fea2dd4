// GET /api/schedules/next: what a schedule would do, and why.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "http/json_body.hpp"
#include "taskcore/schedule.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::OnClosedDay;
using taskcore::Schedule;
using taskcore::TimePoint;

namespace {

constexpr std::size_t kMaxCount = 1000;
/// What is dropped between the instants is told up to so many; and after the last of a schedule that ends, so far.
constexpr std::size_t kMaxDropped = 1000;
constexpr std::chrono::hours kLookedOn{366 * 24};

struct Question {
  std::string schedule{};
  std::size_t count = 5;
  TimePoint from{};
  taskcore::ScheduleContext context{};
};

/// What a parameter that was read says wrong things about.
Problem wrong_value(const taskcore::Error& error) {
  Problem problem = query_problem(error);
  problem.detail = "A query parameter is wrong: " + error.detail;
  return problem;
}

Outcome<Question> read_question(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"schedule", "timezone", "from", "count", "calendar", "onClosedDay"});
  Question out;
  out.schedule = parameters.required("schedule");
  out.context.timezone = parameters.text("timezone");
  if (out.context.timezone.empty()) out.context.timezone = api.scheduler.options().timezone;
  out.from = parameters.time("from").value_or(api.scheduler.options().clock->now());
  out.count = parameters.number("count", 5, kMaxCount);
  const std::string calendar = parameters.text("calendar");
  if (parameters.choice("onClosedDay", {"skip", "next_working_day"}) == "next_working_day") {
    out.context.on_closed_day = OnClosedDay::next_working_day;
  }
  if (const auto problem = parameters.problem()) return *problem;
  out.context.set_at = out.from;
  if (calendar.empty()) return out;
  const auto found = api.scheduler.get_calendar(calendar);
  if (!found && found.error().code != taskcore::Errc::not_found) return to_problem(found.error());
  auto closed = found ? taskcore::ClosedDays::parse(*found)
                      : taskcore::Result<taskcore::ClosedDays>(taskcore::invalid("/calendar", found.error().detail));
  if (!closed) return wrong_value(closed.error());
  out.context.closed_days = std::move(*closed);
  return out;
}

json::object line_json(const Schedule::Explained& line) {
  json::object out{{"at", taskcore::format_time(line.at)}, {"reason", nullptr}, {"detail", line.text}};
  if (line.reason != Schedule::Reason::as_written) out["reason"] = to_string(line.reason);
  return out;
}

Outcome<Response> next(const Api& api, const Request& request) {
  const auto question = read_question(api, request);
  if (!question) return question.error();
  const auto schedule = Schedule::parse(question->schedule, question->context);
  if (!schedule) return wrong_value(schedule.error());
  const auto due = schedule->next(question->from, question->count);
  const TimePoint last = due.empty() ? question->from : due.back();
  const TimePoint until = due.size() == question->count ? last : last + kLookedOn;
  json::array instants;
  json::array dropped;
  for (const auto& line : schedule->explain(question->from, until, question->count + kMaxDropped)) {
    (line.due ? instants : dropped).push_back(line_json(line));
  }
  return json_response(json::object{{"schedule", schedule->text()},
                                    {"description", schedule->describe()},
                                    {"timezone", question->context.timezone},
                                    {"instants", std::move(instants)},
                                    {"dropped", std::move(dropped)}});
}

}  // namespace

void add_schedules(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/schedules/next", at_once(api, next));
}

}  // namespace taskd
