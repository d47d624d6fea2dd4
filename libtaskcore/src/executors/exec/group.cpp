#include "group.hpp"

#include <errno.h>

#include "sys.hpp"
#include "text.hpp"

namespace taskcore::exec {

long write_to_group(const char* group, const char* file, const char* text) {
  TextBuffer<4096> path;
  path.add(group).add('/').add(file);
  if (!path.fits()) return -ENAMETOOLONG;
  const long fd = sys::open_for_writing(path.c_str());
  if (fd < 0) return fd;
  long length = 0;
  while (text[length] != '\0') ++length;
  const long written = sys::write(static_cast<int>(fd), text, length);
  sys::close(static_cast<int>(fd));
  return written < 0 ? written : 0;
}

void kill_group(const char* group) { write_to_group(group, "cgroup.kill", "1"); }

void remove_group(const char* group) { sys::rmdir(group); }

}  // namespace taskcore::exec
