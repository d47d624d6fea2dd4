#include "lines.hpp"

#include <algorithm>
#include <tuple>

#include "use.hpp"

namespace taskcore::sqlite_store {
namespace {

/// With so many places of runs that went they are removed. They lie on a page or two.
constexpr std::int64_t kMostGone = 64;

}  // namespace

Result<void> Lines::enter_new(const RunRow& row) {
  if (!last_first_) {
    Use use(sql_.last_first);
    TimePoint last{};
    if (use.next()) use.get(last);
    if (use.failed()) return use.failure();
    last_first_ = last;
  }
  // Behind the first of its line, whatever that is, or itself the first.
  if (row.ready_at >= *last_first_) {
    last_first_ = row.ready_at;
    return inserts_.add_to_line(row);
  }
  if (auto written = inserts_.write(); !written) return written;
  return enter(row);
}

Result<void> Lines::enter(const RunRow& row) {
  const Text queue{row.queue};
  const Text key{row.concurrency_key};
  RunRow first;
  {
    Use use(sql_.find_line, queue, row.priority, key);
    if (use.next()) use.get(first.ready_at, first.id);
    if (use.failed()) return use.failure();
  }
  if (last_first_) last_first_ = std::max(*last_first_, row.ready_at);
  if (first.id == 0) {
    if (auto done = Use(sql_.insert_line, queue, row.priority, key, row.ready_at, row.id).run(); !done) return done;
  } else if (std::tie(row.ready_at, row.id) < std::tie(first.ready_at, first.id)) {
    // What is before the first has gone, and this one has not.
    if (auto done = Use(sql_.remove_places_before, queue, row.priority, key, first.ready_at, first.id).run(); !done) {
      return done;
    }
    if (auto done = move(row, row.ready_at, row.id, 0); !done) return done;
  }
  return Use(sql_.insert_place, queue, row.priority, key, row.ready_at, row.id).run();
}

Result<void> Lines::leave(const RunRow& place) {
  const auto left = leave_as_first(place);
  if (!left) return left.error();
  if (*left) return {};
  return Use(sql_.remove_place, Text{place.queue}, place.priority, Text{place.concurrency_key}, place.ready_at,
             place.id)
      .run();
}

Result<bool> Lines::leave_as_first(const RunRow& row) {
  const Text queue{row.queue};
  const Text key{row.concurrency_key};
  std::int64_t gone = 0;
  std::optional<TimePoint> next_at;
  RunKey next = 0;
  {
    Use use(sql_.behind_first, queue, row.priority, key, row.id);
    if (!use.next()) return use.failed() ? Result<bool>(use.failure()) : Result<bool>(false);
    use.get(gone, next_at, next);
    if (use.failed()) return use.failure();
  }
  Result<void> done;
  if (!next_at) {
    done = Use(sql_.remove_places, queue, row.priority, key).run();
    if (done) done = Use(sql_.remove_line, queue, row.priority, key).run();
  } else {
    if (last_first_) last_first_ = std::max(*last_first_, *next_at);
    const bool many = gone + 1 >= kMostGone;
    if (many) done = Use(sql_.remove_places_before, queue, row.priority, key, *next_at, next).run();
    if (done) done = move(row, *next_at, next, many ? 0 : gone + 1);
  }
  if (!done) return done.error();
  return true;
}

Result<void> Lines::move(const RunRow& line, TimePoint first_at, RunKey first_run, std::int64_t gone) {
  return Use(sql_.move_line, Text{line.queue}, line.priority, Text{line.concurrency_key}, first_at, first_run, gone)
      .run();
}

}  // namespace taskcore::sqlite_store
