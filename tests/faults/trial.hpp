// One verb, one fault, and what must hold afterwards. Everything lies on a disk in memory that is set up anew for each
// trial.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "faults/allocations.hpp"
#include "faults/verbs.hpp"
#include "store/subject.hpp"
#include "support/power_cut_vfs.hpp"

namespace taskcore::faults {

/// What fails: the nth call to the file system, or the nth allocation.
enum class Fault { disk_once, disk_for_good, sqlite_memory, sqlite_memory_for_good, program_memory };

const char* name_of(Fault fault);

class Trials {
 public:
  Trials();

  /// Tries `step` with the nth fault for n = 1, 2, … until it passes untouched. Of many it leaps over some, unless the
  /// environment sets TASKCORE_FAULTS_ALL. `step(injection)` is called on a fresh copy of the filled disk.
  template <class Step>
  void run(Fault fault, const std::string& what, Step step);

  const std::string& path() const noexcept { return path_; }
  std::unique_ptr<Store> store() const { return sqlite(SqliteOptions{.path = path_}); }
  std::unique_ptr<Store> open_store() const;
  power::PowerCutVfs& disk() noexcept { return disk_; }

  /// All rows of all tables, as text; by a connection of its own.
  std::string dump() const;
  const std::string& filled() const noexcept { return filled_; }

 private:
  store_test::TempDir dir_{};
  std::string path_ = dir_.file("a.db");
  power::PowerCutVfs disk_{/*powersafe_overwrite=*/true};  // As disks under the real one are believed to be.
  power::VolatileDisk::Image image_{};
  std::string filled_{};
};

/// A fault that is armed while `during` runs.
class Injection {
 public:
  Injection(power::PowerCutVfs& disk, Fault fault, std::uint64_t nth) : disk_(disk), fault_(fault), nth_(nth) {}

  /// Calls `f`; an allocation that throws becomes `unavailable`, as in the lane.
  template <class F>
  auto during(F f) -> decltype(f()) {
    std::optional<FailingAllocation> memory;
    if (fault_ == Fault::disk_once || fault_ == Fault::disk_for_good) {
      disk_.fail_in(nth_, fault_ == Fault::disk_for_good);
    } else {
      memory.emplace(fault_ == Fault::program_memory ? Memory::program : Memory::sqlite, nth_,
                     fault_ == Fault::sqlite_memory_for_good);
    }
    try {
      if constexpr (std::is_void_v<decltype(f())>) {
        f();
        note(memory);
      } else {
        auto answer = f();
        note(memory);
        return answer;
      }
    } catch (const std::bad_alloc&) {
      note(memory);
      if constexpr (!std::is_void_v<decltype(f())>) return fail(Errc::unavailable, "out of memory");
    }
  }
  bool has_struck() const noexcept { return struck_; }

 private:
  void note(std::optional<FailingAllocation>& memory) {
    struck_ = memory ? memory->has_failed() : disk_.has_failed();
    memory.reset();
    disk_.fail_in(0);
  }

  power::PowerCutVfs& disk_;
  Fault fault_;
  std::uint64_t nth_;
  bool struck_ = false;
};

template <class Step>
void Trials::run(Fault fault, const std::string& what, Step step) {
  static const bool all = std::getenv("TASKCORE_FAULTS_ALL") != nullptr;
  for (std::uint64_t nth = 1;; nth += all ? 1 : 1 + nth / 10) {
    const long bytes = sqlite_bytes();
    disk_.load(image_);
    Injection injection(disk_, fault, nth);
    INFO(what << ", " << name_of(fault) << " " << nth);
    step(injection);
    REQUIRE(sqlite_bytes() == bytes);
    if (!injection.has_struck()) return;
  }
}

}  // namespace taskcore::faults
