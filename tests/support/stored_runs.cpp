#include "support/stored_runs.hpp"

#include <sqlite3.h>

#include "model/ids.hpp"
#include "store/row_text.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::testing {

std::string check_integrity(const std::string& path) {
  sqlite3* db = nullptr;
  std::string answer = "cannot be opened";
  if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    const auto keep_first = [](void* out, int, char** values, char**) {
      *static_cast<std::string*>(out) = values[0];
      return 0;
    };
    sqlite3_exec(db, "PRAGMA integrity_check(1)", keep_first, &answer, nullptr);
  }
  sqlite3_close(db);
  return answer == "ok" ? "" : "integrity_check: " + answer;
}

std::string examine(const std::string& path) {
  const auto found = check_sqlite(path);
  if (!found) {
    // Its process may have died before it committed anything.
    const std::string& words = found.error().detail;
    return words.find(" is empty: ") != std::string::npos ? "" : words;
  }
  return found->problems.empty() ? "" : found->problems.front();
}

std::map<RunKey, RunRow> read_runs(Store& store) {
  std::map<RunKey, RunRow> runs;
  RunQuery query;
  query.oldest_first = true;
  query.limit = 1000;
  do {
    auto page = store.page_runs(0, query).value();
    for (RunRow& row : page.items) runs.emplace(row.id, std::move(row));
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  return runs;
}

std::string_view status_of(RunState state) noexcept {
  switch (state) {
    case RunState::completed:
      return "completed";
    case RunState::failed:
      return "failed";
    case RunState::cancelled:
      return "cancelled";
    default:
      return "not settled";
  }
}

std::string FinalRuns::compare(const std::map<RunKey, RunRow>& stored) {
  std::erase_if(seen_, [&](const auto& seen) { return !stored.contains(seen.first); });
  for (const auto& [id, row] : stored) {
    if (!is_settled(row.state)) continue;
    const std::string text = store_test::text(row);
    const std::size_t hash = std::hash<std::string>{}(text);
    const auto [seen, fresh] = seen_.emplace(id, hash);
    if (!fresh && seen->second != hash) return run_id(id) + " changed after its end: " + text;
  }
  return {};
}

}  // namespace taskcore::testing
