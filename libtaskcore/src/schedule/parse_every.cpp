// "every 5 minutes", "every 5m", "every minute": a grid of elapsed time.
#include <algorithm>

#include "schedule/parse.hpp"
#include "schedule/rule.hpp"
#include "schedule/span.hpp"

namespace taskcore::schedule {

Result<Reading> read_every(const Request& request) {
  Duration step = request.rest.size() == 1 ? unit_length(request.rest[0]) : Duration{0};
  if (step == Duration{0}) {
    const auto span = read_span(request.rest);
    if (!span) return span.error();
    step = *span;
  }
  // An anchor outside the years that can be written down would only be a way to overflow.
  const auto within = [](TimePoint at) { return std::clamp(at, Schedule::Rule::kEarliest, Schedule::Rule::kLatest); };
  const ScheduleContext& context = request.context;
  const TimePoint first = context.start_at ? within(*context.start_at) : within(context.set_at) + step;
  return Reading{Grid{first, step}, {}};
}

}  // namespace taskcore::schedule
