#include "engine/log_view.hpp"

#include <array>
#include <charconv>

#include "engine/ledger.hpp"
#include "engine/log_follow.hpp"
#include "model/codec.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kRunsAtOnce = 50;

/// Where a page ends: the run, how many of its told lines are out, its last stored line, the task's own last stored
/// line.
struct Position {
  RunKey run = 0;
  std::int64_t told = 0;
  std::int64_t line = 0;
  std::int64_t task_line = 0;
};

std::string write_cursor(const Position& at) {
  return std::to_string(at.run) + "." + std::to_string(at.told) + "." + std::to_string(at.line) + "." +
         std::to_string(at.task_line);
}

std::optional<Position> read_cursor(std::string_view text) {
  std::array<std::int64_t, 4> parts{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [next, bad] = std::from_chars(at, end, parts[i]);
    if (bad != std::errc{} || parts[i] < 0) return std::nullopt;
    at = next;
  }
  if (at != end) return std::nullopt;
  return Position{parts[0], parts[1], parts[2], parts[3]};
}

/// Fills one page, line by line, in the order: the task's own lines up to a run's making, then the run's.
class Pager {
 public:
  Pager(StoreReader& reader, const TaskRow& task, const LogQuery& query, Position at)
      : reader_(reader), task_(task), query_(query), at_(at) {}

  /// False when the page is full.
  bool task_lines_until(std::optional<TimePoint> until) {
    for (;;) {
      const auto rows = lines(0, at_.task_line);
      for (const LogRow& row : rows) {
        if (until && row.at > *until) return true;
        if (!put(make_log(row))) return false;
        at_.task_line = row.id;
      }
      if (rows.size() < query_.limit) return true;
    }
  }

  bool created() {
    if (at_.told > 0 || at_.run > 0) return true;
    if (!put_told(created_line(task_))) return false;
    at_.told = 1;
    return true;
  }

  bool run_lines(const RunRow& row) {
    if (at_.run != row.id) at_ = {row.id, 0, 0, at_.task_line};
    const auto told = told_lines(make_run(row, task_.id));
    for (;;) {
      const auto rows = lines(row.id, at_.line);
      for (const LogRow& line : rows) {
        if (!tell(told, 2 * line.attempt - 1) || !put(make_log(line))) return false;
        at_.line = line.id;
      }
      if (rows.size() < query_.limit) return tell(told, static_cast<std::int64_t>(told.size()));
    }
  }

  Page<LogEntry> take(bool complete) {
    if (!complete) page_.next_cursor = write_cursor(at_);
    return std::move(page_);
  }

 private:
  bool put(LogEntry entry) {
    if (page_.items.size() >= query_.limit) return false;
    page_.items.push_back(std::move(entry));
    return true;
  }

  bool put_told(LogEntry entry) {
    const bool wanted = entry.level >= query_.level && (!query_.since || entry.timestamp >= *query_.since);
    return !wanted || put(std::move(entry));
  }

  bool tell(const std::vector<LogEntry>& told, std::int64_t count) {
    while (at_.told < count && at_.told < static_cast<std::int64_t>(told.size())) {
      if (!put_told(told[static_cast<std::size_t>(at_.told)])) return false;
      ++at_.told;
    }
    return true;
  }

  std::vector<LogRow> lines(RunKey run, std::int64_t after) {
    return check(reader_.logs(LogRange{task_.key, run, after, query_.level, query_.since, query_.limit}));
  }

  StoreReader& reader_;
  const TaskRow& task_;
  const LogQuery& query_;
  Position at_;
  Page<LogEntry> page_{};
};

bool page_task(StoreReader& reader, const TaskRow& task, Pager& pager, RunKey from) {
  if (!pager.created()) return false;
  if (from > 0) {  // in the middle of a run
    const auto row = check(reader.find_run(from));
    // A cursor that somebody made up may name the run of any task.
    if (row && row->task == task.key && !pager.run_lines(*row)) return false;
  }
  for (;;) {
    const auto runs = check(reader.runs_after(task.key, from, kRunsAtOnce));
    for (const RunRow& run : runs) {
      if (!pager.task_lines_until(run.created_at) || !pager.run_lines(run)) return false;
      from = run.id;
    }
    if (runs.size() < kRunsAtOnce) return pager.task_lines_until(std::nullopt);
  }
}

}  // namespace

std::vector<LogEntry> told_lines(const Run& run) {
  std::vector<LogEntry> out;
  for (const Attempt& attempt : run.attempts) {
    out.push_back(attempt_start_line(run, attempt));
    if (attempt.finished_at) out.push_back(attempt_end_line(run, attempt));
  }
  if (run.attempts.empty() && run.finished_at) {
    LogEntry entry;
    entry.timestamp = *run.finished_at;
    entry.level = run.status == Status::completed ? LogLevel::info : LogLevel::warn;
    entry.message = "run ended " + std::string(to_string(run.status)) + (run.reason.empty() ? "" : ": " + run.reason);
    entry.run_id = run.id;
    out.push_back(std::move(entry));
  }
  return out;
}

Result<Page<LogEntry>> page_logs(StoreReader& reader, const TaskRow& task, RunKey run, const LogQuery& query) {
  if (query.limit < 1 || query.limit > 1000) return invalid("/limit", "must be from 1 to 1000");
  if (query.cursor.starts_with(kFollow)) return follow_logs(reader, task, run, query);
  Position at;
  if (!query.cursor.empty()) {
    const auto read = read_cursor(query.cursor);
    if (!read) return invalid("/cursor", "is not one that this listing gave");
    at = *read;
  }
  Pager pager(reader, task, query, at);
  if (run == 0) {
    const bool complete = page_task(reader, task, pager, at.run);
    return pager.take(complete);
  }
  const auto row = check(reader.find_run(run));
  return pager.take(!row || pager.run_lines(*row));
}

}  // namespace taskcore
