#include "engine/log_follow.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/log_view.hpp"
#include "model/codec.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMostOpen = 256;
constexpr std::size_t kRunsAtOnce = 50;

/// How far the lines of one run are out.
struct RunPlace {
  RunKey run = 0;
  std::int64_t told = 0;  ///< Of the lines that its row tells.
  std::int64_t line = 0;  ///< The last stored line.
};

/// How far the log is out. Runs up to `seen` that are not open are out for good.
struct Place {
  std::int64_t created = 0;  ///< 1: the task's first line is out.
  std::int64_t line = 0;     ///< The task's own last stored line.
  RunKey seen = 0;
  std::vector<RunPlace> open{};
};

std::string write(const Place& place) {
  std::string out(kFollow);
  const auto add = [&out](char mark, std::int64_t number) { (out += mark) += std::to_string(number); };
  add(':', place.created);
  add('.', place.line);
  add('.', place.seen);
  for (const RunPlace& run : place.open) {
    add(':', run.run);
    add('.', run.told);
    add('.', run.line);
  }
  return out;
}

std::optional<Place> read(std::string_view text) {
  text.remove_prefix(kFollow.size());
  std::vector<std::int64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at++ != (numbers.size() % 3 == 0 ? ':' : '.')) return std::nullopt;
    const auto [next, bad] = std::from_chars(at, end, numbers.emplace_back());
    if (bad != std::errc{} || numbers.back() < 0) return std::nullopt;
    at = next;
  }
  if (numbers.empty()) return Place{};
  if (numbers.size() % 3 != 0 || numbers.size() / 3 > kMostOpen + 1) return std::nullopt;
  Place place{numbers[0], numbers[1], numbers[2], {}};
  for (std::size_t i = 3; i < numbers.size(); i += 3)
    place.open.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
  return place;
}

class Follower {
 public:
  Follower(StoreReader& reader, const TaskRow& task, const LogQuery& query, Place place)
      : reader_(reader), task_(task), query_(query), place_(std::move(place)) {}

  /// Each of these gives false when the page is full.
  bool whole_task() {
    if (place_.created == 0) {
      if (!tell(created_line(task_), place_.created)) return false;
    }
    if (!open_runs()) return false;
    while (place_.open.size() < kMostOpen) {
      const std::size_t room = std::min(kRunsAtOnce, kMostOpen - place_.open.size());
      const auto runs = check(reader_.runs_after(task_.key, place_.seen, room));
      for (const RunRow& run : runs) {
        if (!own_lines(run.created_at)) return false;
        place_.seen = run.id;
        place_.open.push_back({run.id, 0, 0});
        if (!run_lines(run, place_.open.size() - 1)) return false;
        if (is_settled(run.state)) place_.open.pop_back();
      }
      if (runs.size() < room) break;
    }
    return own_lines(std::nullopt);
  }

  bool one_run(RunKey key) {
    std::erase_if(place_.open, [key](const RunPlace& one) { return one.run != key; });
    if (place_.open.empty()) place_.open.push_back({key, 0, 0});
    const auto row = check(reader_.find_run(key));
    return !row || run_lines(*row, 0);
  }

  Page<LogEntry> take() {
    page_.next_cursor += write(place_);
    return std::move(page_);
  }

 private:
  /// The row is read before the lines: those of a run that is found to be over are all there.
  bool open_runs() {
    for (std::size_t i = 0; i < place_.open.size();) {
      auto row = check(reader_.find_run(place_.open[i].run));
      if (row && row->task != task_.key) row.reset();  // a cursor that somebody made up
      if (row && !run_lines(*row, i)) return false;
      if (!row || is_settled(row->state)) {
        place_.open.erase(place_.open.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    return true;
  }

  bool own_lines(std::optional<TimePoint> until) {
    for (;;) {
      const auto rows = lines(0, place_.line);
      for (const LogRow& row : rows) {
        if (until && row.at > *until) return true;
        if (!put(make_log(row), place_.line, row.id)) return false;
      }
      if (rows.size() < query_.limit) return true;
    }
  }

  bool run_lines(const RunRow& row, std::size_t index) {
    const auto told = told_lines(make_run(row, task_.id));
    const auto tell_until = [&](std::int64_t count) {
      std::int64_t& out = place_.open[index].told;
      count = std::min(count, static_cast<std::int64_t>(told.size()));
      while (out < count) {
        if (!tell(told[static_cast<std::size_t>(out)], out)) return false;
      }
      return true;
    };
    for (;;) {
      const auto rows = lines(row.id, place_.open[index].line);
      for (const LogRow& line : rows) {
        if (!tell_until(2 * line.attempt - 1)) return false;
        if (!put(make_log(line), place_.open[index].line, line.id)) return false;
      }
      if (rows.size() < query_.limit) return tell_until(static_cast<std::int64_t>(told.size()));
    }
  }

  /// A line that is not stored: it goes by the same filters.
  bool tell(LogEntry entry, std::int64_t& count) {
    const bool wanted = entry.level >= query_.level && (!query_.since || entry.timestamp >= *query_.since);
    if (wanted) return put(std::move(entry), count, count + 1);
    ++count;
    return true;
  }

  bool put(LogEntry entry, std::int64_t& place, std::int64_t next) {
    if (page_.items.size() >= query_.limit) return false;
    page_.items.push_back(std::move(entry));
    place = next;
    page_.next_cursor += write(place_);
    page_.next_cursor += ' ';
    return true;
  }

  std::vector<LogRow> lines(RunKey run, std::int64_t after) {
    return check(reader_.logs(LogRange{task_.key, run, after, query_.level, query_.since, query_.limit}));
  }

  StoreReader& reader_;
  const TaskRow& task_;
  const LogQuery& query_;
  Place place_;
  Page<LogEntry> page_{};
};

}  // namespace

Result<Page<LogEntry>> follow_logs(StoreReader& reader, const TaskRow& task, RunKey run, const LogQuery& query) {
  auto place = read(query.cursor);
  if (!place) return invalid("/cursor", "is not one that this listing gave");
  Follower follower(reader, task, query, std::move(*place));
  if (run == 0) {
    follower.whole_task();
  } else {
    follower.one_run(run);
  }
  return follower.take();
}

}  // namespace taskcore
