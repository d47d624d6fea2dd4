// "at 2027-01-31T09:00:00Z", "in 10 minutes", "now": one instant. The last two are written down as the first.
#include "model/quote.hpp"
#include "schedule/parse.hpp"
#include "schedule/rule.hpp"
#include "schedule/span.hpp"

namespace taskcore::schedule {

namespace {

Result<Reading> resolved(TimePoint at) {
  if (at < Schedule::Rule::kEarliest || at > Schedule::Rule::kLatest) {
    return invalid("/schedule", "leads to an instant outside the years 1970 to 9999");
  }
  return Reading{Once{at}, "at " + format_time(at)};
}

}  // namespace

Result<Reading> read_at(const Request& request) {
  const auto at = parse_time(as_written(request.rest));
  if (!at) return invalid("/schedule", at.error().detail);
  return Reading{Once{*at}, {}};
}

Result<Reading> read_in(const Request& request) {
  const auto span = read_span(request.rest);
  if (!span) return span.error();
  const TimePoint from = request.context.set_at;
  // The check comes before the sum, which could overflow.
  return resolved(from > Schedule::Rule::kLatest ? from : from + *span);
}

Result<Reading> read_now(const Request& request) {
  if (!request.rest.empty()) {
    return invalid("/schedule",
                   "has words after \"now\": " + in_quotes(as_written(request.rest)) + "; write \"now\" alone");
  }
  return resolved(request.context.set_at);
}

}  // namespace taskcore::schedule
