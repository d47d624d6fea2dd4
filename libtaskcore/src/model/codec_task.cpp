// Tasks out of rows.
#include "model/codec.hpp"
#include "model/ids.hpp"
#include "model/status.hpp"

namespace taskcore {
Task make_task(const TaskRow& row, TaskSpec spec) {
  Task task;
  static_cast<TaskSpec&>(task) = std::move(spec);
  task.id = row.id;
  task.paused = row.paused;
  task.status = status_of(row.state);
  task.created_by = row.created_by;
  task.created_at = row.created_at;
  task.updated_at = row.updated_at;
  task.version = row.version;
  if (!row.paused) task.next_run_at = row.state.next_due;
  if (row.state.last_run != 0) task.last_run_id = run_id(row.state.last_run);
  return task;
}

}  // namespace taskcore
