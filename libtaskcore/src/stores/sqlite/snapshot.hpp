// A copy of a database as it stands at one moment, in a file of its own that has no name that matters yet.
#pragma once

#include <string>

#include "taskcore/stores/sqlite.hpp"

namespace taskcore::sqlite_store {

/// Goes with its owner, unless it was given a name.
class Snapshot {
 public:
  /// Copies what is committed in `from` to a new file beside `to`, on its disk and synced. Errors: of both files.
  Result<void> take(const std::string& from, const std::string& to, const SqliteProgress& on_progress);

  Snapshot() = default;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() { discard(); }

  /// It becomes `to`, in one step that outlives a power cut. Errors: `conflict`, when there is one and it may not go.
  Result<void> name(bool replace);

 private:
  void discard() noexcept;

  std::string file_{};  ///< Empty: there is none.
  std::string to_{};
};

}  // namespace taskcore::sqlite_store
