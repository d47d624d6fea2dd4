// A scheduler on one thread under a virtual clock, on either store, that can crash and come back on the same data.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "taskcore/stores/memory.hpp"
#include "taskcore/stores/sqlite.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::testing {

enum class Kind { memory, sqlite };

class World {
 public:
  explicit World(Kind kind, Options options = {}) : kind_(kind), options_(std::move(options)) {
    std::string name = (std::filesystem::temp_directory_path() / "taskcore-world-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    boot();
  }
  ~World() {
    host_.reset();
    std::filesystem::remove_all(directory_);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  ManualHost& host() { return *host_; }
  Scheduler& scheduler() { return host_->scheduler(); }
  VirtualClock& clock() { return *clock_; }

  /// As kill -9: nothing is stopped or settled. Then a new process on the same data, not yet started.
  void crash() {
    host_.reset();
    boot();
  }

  /// A store on the world's data.
  std::unique_ptr<Store> open_store() const {
    if (kind_ == Kind::memory) return taskcore::memory(database_);
    return taskcore::sqlite(SqliteOptions{.path = (directory_ / "tasks.db").string(), .full_sync = false});
  }

  /// How often the function "work" was called, by task.
  std::map<std::string, int> calls{};
  /// What "work" does beyond counting.
  std::function<boost::json::value(RunContext&)> work{};
  /// Attempts of "hang" that have not ended: they end only by this.
  std::map<std::string, RunCompletion> hanging{};

 private:
  void boot() {
    hanging.clear();
    Options options = options_;
    options.scripts = false;
    host_ = std::make_unique<ManualHost>(ManualHostOptions{open_store(), options, clock_, ++boots_});
    scheduler().function("work", [this](RunContext& run, const boost::json::value&) -> boost::json::value {
      ++calls[run.task_id()];
      return work ? work(run) : boost::json::value(nullptr);
    });
    Function hang;
    hang.blocking = false;
    hang.start = [this](std::shared_ptr<RunContext> run, RunCompletion done) {
      ++calls[run->task_id()];
      hanging[run->id()] = std::move(done);
    };
    scheduler().add_function("hang", std::move(hang));
  }

  Kind kind_;
  Options options_;
  std::filesystem::path directory_{};
  std::shared_ptr<MemoryDatabase> database_ = make_memory_database();
  std::shared_ptr<VirtualClock> clock_ = std::make_shared<VirtualClock>();
  std::uint64_t boots_ = 0;
  std::unique_ptr<ManualHost> host_{};
};

}  // namespace taskcore::testing
