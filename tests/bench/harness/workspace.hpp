// Directories for stores and child processes, gone when they are no longer needed.
#pragma once

#include <filesystem>
#include <string>

#include "harness/settings.hpp"

namespace bench {

class Workspace {
 public:
  explicit Workspace(const Settings& settings);  ///< Throws when the directory cannot be made.
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

  /// Removes the files whose names begin so: a database with all that lies beside it.
  void remove(const std::string& prefix) const;

 private:
  std::filesystem::path path_;
};

}  // namespace bench
