// The system calls that the supervisor needs, each returning -errno on failure.
//
// Why not libc: where CPUID traps (virtual machines), the start-up of glibc costs half a millisecond in every process,
// four fifths of what a supervisor would cost. On x86-64 the calls are made directly and the program is linked without
// libc; elsewhere they go through libc, and nothing but the price is different.
#pragma once

#include <sys/syscall.h>

#if defined(__x86_64__) && !defined(TASKCORE_EXEC_LIBC)
#define TASKCORE_EXEC_BARE 1
#else
#include <errno.h>
#include <sched.h>
#include <unistd.h>
#endif

#include <fcntl.h>
#include <linux/prctl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

static_assert(sizeof(long) == 8, "the kernel's structures are taken to be those of a 64-bit system");

namespace taskcore::exec::sys {

#ifdef TASKCORE_EXEC_BARE
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  long result = number;
  __asm__ volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return result;
}
#else
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  const long result = ::syscall(number, a, b, c, d, e);
  return result == -1 ? -errno : result;
}
#endif

template <class T>
long address(T* pointer) {
  return reinterpret_cast<long>(pointer);
}

/// Runs `body(argument)` in a new process that shares this one's memory, on a stack of its own, and waits until it has
/// executed a program or ended (as vfork does). Returns its id. `body` must not return.
pid_t spawn_sharing_memory(int (*body)(void*), void* argument);

inline long open_for_reading(const char* path, int extra = 0) {
  return call(SYS_openat, AT_FDCWD, address(path), O_RDONLY | O_CLOEXEC | extra);
}
inline long open_for_writing(const char* path) {
  return call(SYS_openat, AT_FDCWD, address(path), O_WRONLY | O_CLOEXEC);
}
inline long rmdir(const char* path) { return call(SYS_unlinkat, AT_FDCWD, address(path), AT_REMOVEDIR); }
inline long read(int fd, void* into, long size) { return call(SYS_read, fd, address(into), size); }
inline long write(int fd, const void* from, long size) { return call(SYS_write, fd, address(from), size); }
inline long close(int fd) { return call(SYS_close, fd); }
inline long set_close_on_exec(int fd) { return call(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC); }
inline long chdir(const char* path) { return call(SYS_chdir, address(path)); }
inline long execve(const char* path, char** argv, char** envp) {
  return call(SYS_execve, address(path), address(argv), address(envp));
}
inline pid_t getpid() { return static_cast<pid_t>(call(SYS_getpid)); }
inline pid_t getppid() { return static_cast<pid_t>(call(SYS_getppid)); }
inline long setsid() { return call(SYS_setsid); }
inline long prctl(int option, long value) { return call(SYS_prctl, option, value); }
inline long kill(pid_t pid, int signal) { return call(SYS_kill, pid, signal); }
inline long pidfd_open(pid_t pid) { return call(SYS_pidfd_open, pid, 0); }
inline long pidfd_send_signal(int pidfd, int signal) { return call(SYS_pidfd_send_signal, pidfd, signal, 0, 0); }
inline long wait_for_any(int* status) { return call(SYS_wait4, -1, address(status), 1 /* WNOHANG */, 0); }
inline long getrusage(int who, rusage* usage) { return call(SYS_getrusage, who, address(usage)); }
inline long rlimit_of_self(int resource, const rlimit* wanted, rlimit* old) {
  return call(SYS_prlimit64, 0, resource, address(wanted), address(old));
}

/// Signal sets as the kernel has them: bit n-1 is signal n.
using SignalMask = unsigned long;
inline long set_signal_mask(SignalMask mask) {
  return call(SYS_rt_sigprocmask, SIG_SETMASK, address(&mask), 0, sizeof mask);
}
inline long signalfd(SignalMask mask) {
  return call(SYS_signalfd4, -1, address(&mask), sizeof mask, O_CLOEXEC | O_NONBLOCK);
}

/// Waits for events; a negative timeout waits for ever.
inline long poll(pollfd* fds, long count, long timeout_ms) {
  timespec limit{timeout_ms / 1000, (timeout_ms % 1000) * 1000000};
  return call(SYS_ppoll, address(fds), count, timeout_ms < 0 ? 0 : address(&limit), 0, sizeof(SignalMask));
}

inline long monotonic_ms() {
  timespec now{};
  call(SYS_clock_gettime, CLOCK_MONOTONIC, address(&now));
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

[[noreturn]] inline void exit(int code) {
  for (;;) call(SYS_exit_group, code);
}

}  // namespace taskcore::exec::sys
