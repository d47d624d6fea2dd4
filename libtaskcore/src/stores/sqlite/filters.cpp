// Each filter adds its condition and its values; values never become part of the text.
#include "filters.hpp"

#include <algorithm>

#include "model/ids.hpp"
#include "model/text.hpp"
#include "statements.hpp"

namespace taskcore::sqlite_store {
namespace {

class Conditions {
 public:
  explicit Conditions(FilteredSql& sql) : sql_(sql) {}

  void add(std::string_view condition) { sql_.text.append(" AND ").append(condition); }
  template <class Value>
  void add(std::string_view condition, const Value& value) {
    add(condition);
    push(value);
  }
  /// Adds `before`, a parameter for each value, and `after`; nothing when there are no values.
  template <class Value>
  void add_any(std::string_view before, const std::vector<Value>& values, std::string_view after) {
    if (values.empty()) return;
    add(before);
    sql_.text += " IN (";
    for (const Value& value : values) {
      sql_.text += sql_.text.back() == '(' ? "?" : ", ?";
      push(value);
    }
    sql_.text.append(")").append(after);
  }
  void push(const std::string& text) { sql_.values.emplace_back(text); }
  void push(TimePoint value) { push(value.time_since_epoch().count()); }
  template <class Value>
  void push(Value value) {
    sql_.values.emplace_back(static_cast<std::int64_t>(value));
  }
  template <class Value>
  void add_if(std::string_view condition, const std::optional<Value>& value) {
    if (value) add(condition, *value);
  }

 private:
  FilteredSql& sql_;
};

void add_filters(Conditions& where, const TaskQuery& query) {
  where.add_any("CASE WHEN running > 0 THEN 1 WHEN live > 0 THEN 0 ELSE last_status END", query.status, "");
  where.add_any("ifnull(type, '')", query.type, "");
  where.add_any("priority", query.priority, "");
  // The plain column lets SQLite use its index; only who made a task without a name is stored as NULL.
  const bool nobody = std::find(query.created_by.begin(), query.created_by.end(), "") != query.created_by.end();
  where.add_any(nobody ? "ifnull(created_by, '')" : "created_by", query.created_by, "");
  where.add_any("EXISTS (SELECT 1 FROM json_each(tags) WHERE value", query.tag, ")");
  where.add_any("EXISTS (SELECT 1 FROM assignments WHERE task = key AND user", query.assigned_to, ")");
  if (query.text.empty()) return;
  const std::string text = lower(query.text);
  // lower() folds ASCII only, as the query promises.
  where.add("(instr(lower(id), ?) OR instr(lower(name), ?) OR instr(lower(description), ?))", text);
  where.push(text);
  where.push(text);
}

void add_filters(Conditions& where, const RunQuery& query, bool of_living_tasks) {
  if (query.dead_letters) where.add("state = 5 AND repeated IS NULL");
  if (query.item_of.empty()) {
    where.add("item_of IS NULL");
  } else {
    where.add("item_of = ?", parse_run_id(query.item_of).value_or(0));
  }
  where.add_any("CASE WHEN state < 3 THEN 0 ELSE state - 2 END", query.status, "");
  where.add_any("run_trigger", query.trigger, "");
  where.add_if("created_at >= ?", query.created_after);
  where.add_if("created_at < ?", query.created_before);
  where.add_if("finished_at >= ?", query.finished_after);
  where.add_if("finished_at < ?", query.finished_before);
  if (of_living_tasks) where.add("EXISTS (SELECT 1 FROM tasks AS t WHERE t.key = runs.task AND t.deleted = 0)");
  if (query.visible_to.empty()) return;
  where.add(
      "EXISTS (SELECT 1 FROM tasks AS t WHERE t.key = runs.task AND (t.created_by = ? OR "
      "EXISTS (SELECT 1 FROM assignments AS a WHERE a.user = ? AND a.task = t.key)))",
      query.visible_to);
  where.push(query.visible_to);
}

/// The end of a page's statement; one row more than the page tells whether another page follows.
void add_order(FilteredSql& sql, std::string_view key, bool oldest_first, std::size_t limit) {
  sql.text.append(" ORDER BY ").append(key).append(oldest_first ? " LIMIT ?" : " DESC LIMIT ?");
  sql.values.emplace_back(static_cast<std::int64_t>(limit + 1));
}

}  // namespace

FilteredSql tasks_sql(const TaskQuery& query, TaskKey start) {
  FilteredSql sql{std::string("SELECT ") + kTaskColumns + " FROM tasks WHERE deleted = 0"};
  Conditions where(sql);
  where.add(query.oldest_first ? "key > ?" : "key < ?", start);
  add_filters(where, query);
  add_order(sql, "key", query.oldest_first, query.limit);
  return sql;
}

FilteredSql one_task_sql(const TaskQuery& query) {
  FilteredSql sql{std::string("SELECT ") + kTaskColumns + " FROM tasks WHERE key = ? AND deleted = 0"};
  Conditions where(sql);
  add_filters(where, query);
  return sql;
}

FilteredSql runs_sql(TaskKey task, const RunQuery& query, RunKey start) {
  FilteredSql sql{std::string("SELECT ") + kRunColumns + " FROM runs WHERE 1"};
  Conditions where(sql);
  where.add(query.oldest_first ? "id > ?" : "id < ?", start);
  if (task != 0) where.add("task = ?", task);
  add_filters(where, query, task == 0);
  add_order(sql, "id", query.oldest_first, query.limit);
  return sql;
}

FilteredSql one_run_sql(const RunQuery& query) {
  FilteredSql sql{std::string("SELECT ") + kRunColumns + " FROM runs WHERE id = ?"};
  Conditions where(sql);
  add_filters(where, query, false);
  return sql;
}

}  // namespace taskcore::sqlite_store
