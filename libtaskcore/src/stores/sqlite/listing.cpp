// Pages and counts: several statements that must see one moment, or statements made for one query.
#include <map>

#include "../cursor.hpp"
#include "../run_tally.hpp"
#include "filters.hpp"
#include "finder.hpp"
#include "rows.hpp"

namespace taskcore::sqlite_store {
namespace {

void bind_values(Use& use, const FilteredSql& sql) {
  for (const auto& value : sql.values) {
    // A filter's text is text, be it empty.
    if (const auto* text = std::get_if<std::string>(&value)) {
      use.bind(Text{*text});
    } else {
      use.bind(std::get<std::int64_t>(value));
    }
  }
}

template <class Read>
auto run_filtered(Db& db, const FilteredSql& sql, Read read) {
  Stmt stmt(db, sql.text);
  Use use(stmt);
  bind_values(use, sql);
  return use.all(read);
}

/// Makes a page of up to `limit` + 1 rows.
template <class Row, class KeyOf>
Page<Row> page_of(std::vector<Row> rows, std::size_t limit, stores::Listing listing, bool oldest_first, KeyOf key_of) {
  Page<Row> page{std::move(rows), {}};
  if (page.items.size() <= limit) return page;
  page.items.resize(limit);
  const auto last = page.items.empty() ? 0 : key_of(page.items.back());
  page.next_cursor = stores::make_cursor(listing, oldest_first, last);
  return page;
}

}  // namespace

template <class F>
auto Finder::at_one_moment(F f) -> decltype(f()) {
  if (db_.in_transaction()) return f();
  // The end is made ready first: a reader that is left in a transaction would see the same moment for ever.
  if (const int code = sql_.end.prepare(); code != SQLITE_OK) return db_.error(code);
  if (auto begun = Use(sql_.begin).run(); !begun) return begun.error();
  struct End {
    ~End() { Use(stmt).next(); }  // Ends a transaction that wrote nothing.
    Stmt& stmt;
  } end{sql_.end};
  return f();
}

/// The rows whose keys `keys` gives, in that order, as far as the page needs: those that `sql` lets through.
template <class Read>
auto Finder::pick(Use& keys, const FilteredSql& sql, std::size_t limit, Read read)
    -> Result<std::vector<decltype(read(keys))>> {
  Stmt stmt(db_, sql.text);
  std::vector<decltype(read(keys))> rows;
  while (rows.size() <= limit && keys.next()) {
    Use use(stmt, keys.get<std::int64_t>());
    bind_values(use, sql);
    if (use.next()) rows.push_back(read(use));
    if (use.failed()) return use.failure();
  }
  if (keys.failed()) return keys.failure();
  return rows;
}

// Sorted streams of keys are merged as far as the page needs: none is read to its end.

Result<std::vector<TaskRow>> Finder::visible_tasks(const TaskQuery& query, TaskKey start) {
  Use keys(query.oldest_first ? sql_.visible_oldest_first : sql_.visible_newest_first, query.visible_to, start);
  return pick(keys, one_task_sql(query), query.limit, read_task);
}

Result<std::vector<RunRow>> Finder::runs_of(TaskKey task, const RunQuery& query, RunKey start) {
  Use keys(query.oldest_first ? sql_.runs_oldest_first : sql_.runs_newest_first, task, start);
  return pick(keys, one_run_sql(query), query.limit, read_run);
}

Result<Page<TaskRow>> Finder::page_tasks(const TaskQuery& query) {
  constexpr auto kListing = stores::Listing::tasks;
  const auto start = stores::read_cursor(kListing, query.oldest_first, query.cursor);
  if (!start) return start.error();
  auto rows = query.visible_to.empty() ? run_filtered(db_, tasks_sql(query, *start), read_task)
                                       : at_one_moment([&] { return visible_tasks(query, *start); });
  if (!rows) return rows.error();
  return page_of(std::move(*rows), query.limit, kListing, query.oldest_first, [](auto& row) { return row.key; });
}

Result<Page<RunRow>> Finder::page_runs(TaskKey task, const RunQuery& query) {
  constexpr auto kListing = stores::Listing::runs;
  const auto start = stores::read_cursor(kListing, query.oldest_first, query.cursor);
  if (!start) return start.error();
  // Dead letters and items have indexes of their own, which are shorter than the history of a task.
  const bool apart = query.dead_letters || !query.item_of.empty();
  auto rows = task == 0 || apart ? run_filtered(db_, runs_sql(task, query, *start), read_run)
                                 : at_one_moment([&] { return runs_of(task, query, *start); });
  if (!rows) return rows.error();
  return page_of(std::move(*rows), query.limit, kListing, query.oldest_first, [](auto& row) { return row.id; });
}

Result<std::vector<QueueLoad>> Finder::queue_loads() {
  return at_one_moment([&]() -> Result<std::vector<QueueLoad>> {
    std::map<std::string, QueueLoad> loads;
    const auto count = [&loads](Stmt& stmt, std::size_t QueueLoad::*member) -> Result<void> {
      Use use(stmt);
      while (use.next()) {
        QueueLoad& load = loads[use.get<std::string>()];
        use.get(load.*member);
        if (member == &QueueLoad::ready) use.get(load.oldest_ready);
      }
      if (use.failed()) return use.failure();
      return {};
    };
    if (auto done = count(sql_.ready_loads, &QueueLoad::ready); !done) return done.error();
    if (auto done = count(sql_.delayed_loads, &QueueLoad::delayed); !done) return done.error();
    if (auto done = count(sql_.running_loads, &QueueLoad::running); !done) return done.error();
    std::vector<QueueLoad> out;
    for (auto& [queue, load] : loads) {
      load.queue = queue;
      out.push_back(std::move(load));
    }
    return out;
  });
}

Result<Stats> Finder::stats(std::string_view visible_to, TimePoint now) {
  return at_one_moment([&]() -> Result<Stats> {
    Stats stats;
    Use counts(sql_.task_counts, visible_to);
    while (counts.next()) {
      const auto status = counts.get<Status>();
      const auto priority = counts.get<Priority>();
      const auto type = counts.get<std::string>();
      const auto scheduled = counts.get<bool>();
      const auto count = counts.get<std::int64_t>();
      stats.total += count;
      stats.by_status[static_cast<std::size_t>(status)] += count;
      stats.by_type[type] += count;
      stats.by_priority[static_cast<std::size_t>(priority)] += count;
      if (scheduled) stats.scheduled += count;
    }
    if (counts.failed()) return counts.failure();
    stats.running = stats.by_status[static_cast<std::size_t>(Status::running)];
    stores::RunTally tally(now);
    Use runs(sql_.recent_runs, visible_to);
    while (runs.next()) {
      stores::TallyRun run;
      runs.get(run.state, run.created_at, run.started_at, run.finished_at);
      if (!tally.add(run, runs.get<bool>())) break;
    }
    if (runs.failed()) return runs.failure();
    stats.runs = tally.result();
    return stats;
  });
}

Result<Usage> Finder::usage(std::string_view created_by) {
  const auto found = Use(sql_.usage, created_by).first([](Use& use) {
    Usage usage;
    use.get(usage.tasks, usage.runs, usage.bytes);
    return usage;
  });
  if (!found) return found.error();
  return found->value_or(Usage{});
}

}  // namespace taskcore::sqlite_store
