// The statements of listings, put together from the filters that a query has.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "taskcore/query.hpp"
#include "taskcore/store.hpp"

namespace taskcore::sqlite_store {

/// A statement and what to bind to it, in order.
struct FilteredSql {
  std::string text{};
  std::vector<std::variant<std::int64_t, std::string>> values{};
};

/// Tasks beyond the key `start`, in the query's order, at most `query.limit` + 1. `visible_to` is not looked at.
FilteredSql tasks_sql(const TaskQuery& query, TaskKey start);

/// The task of one key, if the query's filters let it through; the key is the first parameter, not in `values`.
FilteredSql one_task_sql(const TaskQuery& query);

/// Runs beyond the id `start` of one task, or with 0 of all that are not deleted; at most `query.limit` + 1.
FilteredSql runs_sql(TaskKey task, const RunQuery& query, RunKey start);

/// The run of one id, as above; of a deleted task too.
FilteredSql one_run_sql(const RunQuery& query);

}  // namespace taskcore::sqlite_store
