// What the host (child_process.cpp) and taskcore-exec say to each other. Nothing else is shared between the two
// programs.
//
// taskcore-exec [grace=MS] [cpu=SECONDS] [as=BYTES] [nofile=COUNT] [nproc=COUNT] [fsize=BYTES] [cgroup=DIR] [cwd=DIR]
//   -- COMMAND [ARGUMENT...]
//
// Standard streams and environment are the script's. Descriptor 3 is one end of a SOCK_SEQPACKET pair: the host sends
// single bytes, and closing its end (its death does) means `terminate`. The supervisor answers once, when no process is
// left, with one line of `key=number` words, and exits.
#pragma once

namespace taskcore::exec {

inline constexpr int kControlFd = 3;

inline constexpr char kTerminate = 't';  // SIGTERM to the tree now, SIGKILL after the grace
inline constexpr char kKill = 'k';       // SIGKILL to the tree now

// How long SIGKILL is repeated before the supervisor gives up on processes that do not die (uninterruptible sleep, or
// another user's).
inline constexpr long kGiveUpMs = 5000;

// The words of the report, in this order.
inline constexpr char kKeyErrno[] = "errno=";    // why the command could not be started, 0 when it was
inline constexpr char kKeyCwd[] = "cwd=";        // 1 when that was the working directory's fault
inline constexpr char kKeyCgroup[] = "cgroup=";  // 1 when it was the control group's
inline constexpr char kKeyCode[] = "code=";      // exit code, -1 when ended by a signal or still there
inline constexpr char kKeySignal[] = "signal=";  // the signal that ended it, 0 for none
inline constexpr char kKeyRss[] = "rss_kb=";     // largest resident set of one process of the tree
inline constexpr char kKeyCpu[] = "cpu_us=";     // user and system time of the tree
inline constexpr char kKeyLeft[] = "left=";      // processes that could not be ended

}  // namespace taskcore::exec
