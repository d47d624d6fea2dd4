// A database file seen from outside the store.
#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace taskcore::store_test {

/// Runs statements; gives the first column of the last row as text.
inline std::string ask(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string answer;
  const auto keep = [](void* to, int columns, char** values, char**) {
    if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(to) = values[0];
    return 0;
  };
  int code = sqlite3_open(path.c_str(), &db);
  if (code == SQLITE_OK) code = sqlite3_exec(db, sql.c_str(), keep, &answer, nullptr);
  const std::string words = code == SQLITE_OK ? "" : sqlite3_errmsg(db);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw std::runtime_error(words);
  return answer;
}

}  // namespace taskcore::store_test
