#include "engine/definition.hpp"

#include "engine/ledger.hpp"
#include "model/placeholders.hpp"

namespace taskcore {

Error no_such_calendar(std::string_view name) {
  return fail(Errc::not_found, "there is no calendar '" + std::string(name) + "'");
}

FindCalendar calendars_of(StoreReader& reader) {
  return [&reader](std::string_view name) -> Result<ClosedDays> {
    const auto row = check(reader.find_calendar(name));
    if (!row) return no_such_calendar(name);
    auto calendar = decode_calendar(*row);
    if (!calendar) return calendar.error();
    return ClosedDays::parse(*calendar);
  };
}

ScheduleContext schedule_context(const TaskSpec& spec, TimePoint anchor) {
  ScheduleContext context;
  context.timezone = spec.timezone;
  context.set_at = anchor;
  context.start_at = spec.start_at;
  context.end_at = spec.end_at;
  context.on_closed_day = spec.on_closed_day;
  return context;
}

Result<Schedule> make_schedule(const TaskSpec& spec, TimePoint anchor, const FindCalendar& find) {
  ScheduleContext context = schedule_context(spec, anchor);
  if (!spec.calendar.empty()) {
    auto closed = find(spec.calendar);
    if (!closed) return closed.error();
    context.closed_days = std::move(*closed);
  }
  return Schedule::parse(spec.schedule, context);
}

Result<std::shared_ptr<const Definition>> make_definition(const TaskRow& row, const FindCalendar& find) {
  auto stored = decode_spec(row.spec);
  if (!stored) return fail(Errc::corrupt, "task '" + row.id + "' cannot be read: " + stored.error().detail);
  if (row.deleted) stored->spec.calendar.clear();  // it may be gone by now, and the task has no instants any more
  auto schedule = make_schedule(stored->spec, row.anchor, find);
  if (!schedule)
    return fail(Errc::corrupt, "the schedule of task '" + row.id + "' cannot be read: " + schedule.error().detail);
  stored->spec.id = row.id;
  auto out = std::make_shared<Definition>();
  out->key = row.key;
  out->version = row.version;
  out->stored = std::move(*stored);
  out->schedule = std::move(*schedule);
  out->has_placeholders = has_placeholders(out->spec().config.values);
  return std::shared_ptr<const Definition>(std::move(out));
}

}  // namespace taskcore
