// The version of taskcore. The build reads it from here.
#pragma once

#define TASKCORE_VERSION_STRING "0.1.0"

namespace taskcore {

/// Of the headers that a program was compiled with.
inline constexpr const char* kVersion = TASKCORE_VERSION_STRING;

}  // namespace taskcore
