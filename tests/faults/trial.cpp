#include "faults/trial.hpp"

#include <sqlite3.h>

#include "store/sqlite_file.hpp"

namespace taskcore::faults {

const char* name_of(Fault fault) {
  constexpr const char* kNames[] = {"call to the disk", "call to the disk and all after", "allocation of SQLite",
                                    "allocation of SQLite and all after", "allocation of the program"};
  return kNames[static_cast<int>(fault)];
}

Trials::Trials() {
  const auto first = open_store();
  fill(*first);
  first->close();
  image_ = disk_.image();
  filled_ = dump();
}

std::unique_ptr<Store> Trials::open_store() const {
  auto opened = store();
  opened->open().value();
  return opened;
}

std::string Trials::dump() const {
  std::string all;
  sqlite3* db = nullptr;
  const auto add = [](void* to, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) {
      static_cast<std::string*>(to)->append(values[i] != nullptr ? values[i] : "-").append("|");
    }
    return 0;
  };
  REQUIRE(sqlite3_open(path_.c_str(), &db) == SQLITE_OK);
  for (const char* table : {"tasks", "runs", "logs", "nodes", "edges", "assignments", "last_keys"}) {
    const std::string sql = std::string("SELECT * FROM ") + table + " ORDER BY 1, 2";
    REQUIRE(sqlite3_exec(db, sql.c_str(), add, &all, nullptr) == SQLITE_OK);
  }
  std::string integrity;
  REQUIRE(sqlite3_exec(db, "PRAGMA integrity_check", add, &integrity, nullptr) == SQLITE_OK);
  REQUIRE(integrity == "ok|");
  sqlite3_close(db);
  return all;
}

}  // namespace taskcore::faults
