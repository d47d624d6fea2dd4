#include "engine/definition.hpp"

namespace taskcore {

ScheduleContext schedule_context(const TaskSpec& spec, TimePoint anchor) {
  return ScheduleContext{spec.timezone, anchor, spec.start_at, spec.end_at};
}

Result<std::shared_ptr<const Definition>> make_definition(const TaskRow& row) {
  auto stored = decode_spec(row.spec);
  if (!stored) return fail(Errc::corrupt, "task '" + row.id + "' cannot be read: " + stored.error().detail);
  auto schedule = Schedule::parse(stored->spec.schedule, schedule_context(stored->spec, row.anchor));
  if (!schedule)
    return fail(Errc::corrupt, "the schedule of task '" + row.id + "' cannot be read: " + schedule.error().detail);
  stored->spec.id = row.id;
  auto out = std::make_shared<Definition>();
  out->key = row.key;
  out->version = row.version;
  out->stored = std::move(*stored);
  out->schedule = std::move(*schedule);
  return std::shared_ptr<const Definition>(std::move(out));
}

}  // namespace taskcore
