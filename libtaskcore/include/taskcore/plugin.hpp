// What a shared library needs to bring functions and types of task into a host that loads it at its start, such as
// taskd:
//
//     void add(taskcore::Scheduler& scheduler) { scheduler.function("greet", …); scheduler.executor(…); }
//     TASKCORE_PLUGIN(add)
//
// The two share classes, so both must be compiled against the same version and in the same manner; the host asks first.
#pragma once

#include <boost/version.hpp>

#include "taskcore/scheduler.hpp"
#include "taskcore/version.hpp"

#define TASKCORE_TEXT_OF(value) #value
#define TASKCORE_TEXT(value) TASKCORE_TEXT_OF(value)

#if defined(_LIBCPP_ABI_VERSION)
#define TASKCORE_STANDARD_LIBRARY "libc++ ABI " TASKCORE_TEXT(_LIBCPP_ABI_VERSION)
#elif defined(_GLIBCXX_DEBUG)
#define TASKCORE_STANDARD_LIBRARY "libstdc++ debug ABI " TASKCORE_TEXT(_GLIBCXX_USE_CXX11_ABI)
#else
#define TASKCORE_STANDARD_LIBRARY "libstdc++ ABI " TASKCORE_TEXT(_GLIBCXX_USE_CXX11_ABI)
#endif

/// What host and plugin must have in common, as seen where it is written.
#define TASKCORE_PLUGIN_ABI                                        \
  "taskcore " TASKCORE_VERSION_STRING ", Boost " BOOST_LIB_VERSION \
  ", C++ ABI " TASKCORE_TEXT(__GXX_ABI_VERSION) ", " TASKCORE_STANDARD_LIBRARY

/// Makes the entry points of a plugin. `register_function` takes a `taskcore::Scheduler&` that has not been started; an
/// exception refuses the start.
///
/// The text is a literal: a call of `plugin_abi` would be answered by the host's own.
#define TASKCORE_PLUGIN(register_function)                                                                            \
  extern "C" __attribute__((visibility("default"))) const char* taskcore_plugin_abi() { return TASKCORE_PLUGIN_ABI; } \
  extern "C" __attribute__((visibility("default"))) void taskcore_plugin(taskcore::Scheduler& scheduler) {            \
    register_function(scheduler);                                                                                     \
  }

namespace taskcore {

/// TASKCORE_PLUGIN_ABI of the library itself.
const char* plugin_abi() noexcept;

}  // namespace taskcore
