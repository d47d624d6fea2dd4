// What the machine itself takes for two things that every row does all the time. Neighbours on the same host change
// both within minutes, and no load average tells.
#pragma once

namespace bench {

/// Nanoseconds until one core sees what another has written, the median of some tries; 0 where there is one core.
double core_to_core_ns();

/// Microseconds for the first touch of a page of the usual size; 0 where no memory is to be had.
double page_fault_us();

}  // namespace bench
