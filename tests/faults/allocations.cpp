// SQLite is given its allocator before it is first used; small allocations go through it too, since its lookaside is
// off.
#include "faults/allocations.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <new>

#include "support/calm.hpp"

namespace taskcore::faults {
namespace {

struct Countdown {
  std::uint64_t left = 0;  ///< 0: nothing fails.
  bool goes_on = false;
  bool failed = false;
};
thread_local Countdown of_sqlite;
thread_local Countdown of_program;

bool fails(Countdown& countdown) noexcept {
  if (countdown.left == 0 || Calm::depth > 0 || --countdown.left > 0) return false;
  countdown.failed = true;
  if (countdown.goes_on) countdown.left = 1;
  return true;
}

sqlite3_mem_methods real_memory;

const bool installed = [] {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
  static sqlite3_mem_methods ours = real_memory;
  ours.xMalloc = [](int size) { return fails(of_sqlite) ? nullptr : real_memory.xMalloc(size); };
  ours.xRealloc = [](void* old, int size) { return fails(of_sqlite) ? nullptr : real_memory.xRealloc(old, size); };
  sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
}();

Countdown& countdown_of(Memory memory) { return memory == Memory::sqlite ? of_sqlite : of_program; }

}  // namespace

FailingAllocation::FailingAllocation(Memory memory, std::uint64_t nth, bool from_then_on) {
  if (!installed) std::abort();
  of_sqlite = of_program = {};
  countdown_of(memory) = {nth, from_then_on, false};
}
FailingAllocation::~FailingAllocation() { of_sqlite = of_program = {}; }

bool FailingAllocation::has_failed() const noexcept { return of_sqlite.failed || of_program.failed; }

long sqlite_bytes() noexcept { return static_cast<long>(sqlite3_memory_used()); }

namespace {

void* allocate(std::size_t size) {
  if (fails(of_program)) throw std::bad_alloc();
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* allocate_if_possible(std::size_t size) noexcept {
  return fails(of_program) ? nullptr : std::malloc(size == 0 ? 1 : size);
}

void release(void* memory) noexcept { std::free(memory); }

}  // namespace
}  // namespace taskcore::faults

// Every form but the aligned ones: a sanitizer has its own of each that is not replaced.
void* operator new(std::size_t size) { return taskcore::faults::allocate(size); }
void* operator new[](std::size_t size) { return taskcore::faults::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return taskcore::faults::allocate_if_possible(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return taskcore::faults::allocate_if_possible(size);
}
void operator delete(void* memory) noexcept { taskcore::faults::release(memory); }
void operator delete[](void* memory) noexcept { taskcore::faults::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { taskcore::faults::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { taskcore::faults::release(memory); }
