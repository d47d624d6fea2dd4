#include "engine/selection.hpp"

#include <algorithm>
#include <set>

#include "engine/ledger.hpp"
#include "engine/tasks.hpp"
#include "model/ids.hpp"

namespace taskcore {
namespace {

Result<void> check_selection(const RunSelection& which) {
  if (!which.filter && !which.ids) return invalid("/filter", R"(is missing, and so are ids; {} stands for all)");
  if (which.filter && which.ids) return invalid("/ids", "cannot be given beside filter; leave one of the two out");
  if (!which.ids) return {};
  if (which.ids->empty() || which.ids->size() > kMostRunsAtOnce) return invalid("/ids", "must be 1 to 1,000");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < which.ids->size(); ++i) {
    if (!seen.insert((*which.ids)[i]).second) return invalid("/ids/" + std::to_string(i), "is given twice");
  }
  return {};
}

/// Gives false when no run that `verb` is for can have such a status.
bool narrow(BulkVerb verb, RunQuery& query) {
  if (verb == BulkVerb::redrive) return query.dead_letters = true;
  const bool live = verb == BulkVerb::cancel;
  const std::vector<Status> all = live ? std::vector{Status::pending, Status::running}
                                       : std::vector{Status::completed, Status::failed, Status::cancelled};
  if (query.status.empty()) query.status = all;
  std::erase_if(query.status, [&](Status one) { return std::find(all.begin(), all.end(), one) == all.end(); });
  return !query.status.empty();
}

/// The error of a listing, said of the filter.
Error of_filter(const Error& error) {
  if (error.fields.empty()) return error;
  return invalid("/filter" + error.fields.front().pointer, error.fields.front().detail);
}

Result<ChosenRuns> choose_by_filter(StoreReader& reader, BulkVerb verb, RunQuery query) {
  ChosenRuns out;
  TaskKey task = 0;
  if (!query.task_id.empty()) {
    const auto row = check(reader.find_task(query.task_id));
    if (!row) return no_such_task(query.task_id);
    task = row->key;
  }
  query.limit = kMostRunsAtOnce;
  query.oldest_first = false;
  if (!narrow(verb, query)) return out;
  auto page = reader.page_runs(task, query);
  if (!page && page.error().code == Errc::invalid) return of_filter(page.error());
  const auto runs = check(std::move(page));
  for (const RunRow& run : runs.items) out.ids.push_back(run.id);
  out.next_cursor = runs.next_cursor;
  out.filter = std::move(query);
  return out;
}

}  // namespace

Result<ChosenRuns> choose_runs(StoreReader& reader, BulkVerb verb, RunSelection which) {
  if (auto fine = check_selection(which); !fine) return fine.error();
  Result<ChosenRuns> out = ChosenRuns{};
  if (which.filter) {
    out = choose_by_filter(reader, verb, std::move(*which.filter));
    if (!out) return out;
  } else {
    for (const std::string& id : *which.ids) {
      if (const auto key = parse_run_id(id)) out->ids.push_back(*key);
    }
  }
  std::sort(out->ids.begin(), out->ids.end());
  out->dry_run = which.dry_run;
  return out;
}

}  // namespace taskcore
