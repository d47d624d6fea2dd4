// A walk over /proc, breadth first, so that parents stand before their children. Nothing is allocated: the tables are
// of fixed size, and their pages are never touched unless there is something to end.
#include "tree.hpp"

#include "proc_files.hpp"
#include "sys.hpp"

namespace taskcore::exec {
namespace {

constexpr int kMostProcesses = 64 * 1024;
Process found[kMostProcesses];
int found_count = 0;

Process machine[kMostProcesses];
int machine_count = 0;

void add_found(pid_t pid, pid_t parent) {
  if (found_count < kMostProcesses) found[found_count++] = {pid, parent};
}

/// The kernel lists children by the thread that made them.
void add_children_of_threads(pid_t parent) {
  for_each_number_in(ProcPath().add("/proc/").add(long{parent}).add("/task").c_str(), [&](pid_t thread) {
    for_each_number_of(
        ProcPath().add("/proc/").add(long{parent}).add("/task/").add(long{thread}).add("/children").c_str(),
        [&](pid_t child) { add_found(child, parent); });
  });
}

void look_at_machine() {
  machine_count = 0;
  for_each_number_in("/proc", [](pid_t pid) {
    if (machine_count == kMostProcesses) return;
    if (const pid_t parent = parent_of(pid); parent > 0) machine[machine_count++] = {pid, parent};
  });
}

void add_children_from_machine(pid_t parent) {
  for (int i = 0; i < machine_count; ++i) {
    if (machine[i].parent == parent) add_found(machine[i].pid, parent);
  }
}

/// A process seen twice (re-parented during the look) does no harm: it is signalled twice at most.
template <class AddChildren>
Tree walk(AddChildren add_children) {
  found_count = 0;
  add_children(sys::getpid());
  for (int i = 0; i < found_count; ++i) add_children(found[i].pid);
  return {found, found_count};
}

bool kernel_lists_children() {
  const long self = sys::getpid();
  const long fd =
      sys::open_for_reading(ProcPath().add("/proc/").add(self).add("/task/").add(self).add("/children").c_str());
  if (fd < 0) return false;
  sys::close(static_cast<int>(fd));
  return true;
}

}  // namespace

Tree find_descendants() {
  if (kernel_lists_children()) return walk(add_children_of_threads);
  return find_descendants_by_parent();
}

Tree find_descendants_by_parent() {
  look_at_machine();
  return walk(add_children_from_machine);
}

void signal_tree(const Tree& tree, int signal) {
  const pid_t self = sys::getpid();
  for (int i = 0; i < tree.count; ++i) {
    const Process& process = tree.processes[i];
    const long pidfd = sys::pidfd_open(process.pid);
    if (pidfd < 0) continue;
    // Asked after the descriptor is open, this proves that it is the process that was found, or has died since.
    const pid_t parent = parent_of(process.pid);
    if (parent == process.parent || parent == self) sys::pidfd_send_signal(static_cast<int>(pidfd), signal);
    sys::close(static_cast<int>(pidfd));
  }
}

}  // namespace taskcore::exec
