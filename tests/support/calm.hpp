// What a test does for itself in the middle of a fault must not meet it.
#pragma once

namespace taskcore {

/// While one lives, no allocation of this thread is made to fail.
struct Calm {
  Calm() { ++depth; }
  ~Calm() { --depth; }
  Calm(const Calm&) = delete;
  Calm& operator=(const Calm&) = delete;
  static inline thread_local int depth = 0;
};

}  // namespace taskcore
