// The script's control group (version 2), which the host has made.
#pragma once

namespace taskcore::exec {

/// Writes `text` to a file of the group. Gives 0 or -errno.
long write_to_group(const char* group, const char* file, const char* text);

/// SIGKILL to all that is in the group and below it, also to what is just being made.
void kill_group(const char* group);

/// Removes the group once nothing is in it.
void remove_group(const char* group);

}  // namespace taskcore::exec
