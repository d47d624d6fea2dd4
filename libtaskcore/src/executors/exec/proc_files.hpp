// Reading /proc without allocating: directories named by numbers, files of numbers, the parent of a process.
#pragma once

#include "sys.hpp"
#include "text.hpp"

namespace taskcore::exec {

using ProcPath = TextBuffer<96>;

/// Calls `visit(pid_t)` for each entry of a directory whose name is a number.
template <class Visit>
void for_each_number_in(const char* directory, Visit visit) {
  struct Entry {  // linux_dirent64
    unsigned long inode;
    long offset;
    unsigned short size;
    unsigned char type;
    char name[1];
  };
  const int fd = static_cast<int>(sys::open_for_reading(directory, O_DIRECTORY));
  if (fd < 0) return;
  alignas(Entry) char buffer[4096];
  for (;;) {
    const long size = sys::call(SYS_getdents64, fd, sys::address(buffer), sizeof buffer);
    if (size <= 0) break;
    for (long at = 0; at < size;) {
      const Entry* entry = reinterpret_cast<const Entry*>(buffer + at);
      at += entry->size;
      const char* name = entry->name;
      if (is_digit(*name)) visit(static_cast<pid_t>(read_number(name)));
    }
  }
  sys::close(fd);
}

/// Calls `visit(pid_t)` for each number of a file that holds numbers parted by spaces.
template <class Visit>
void for_each_number_of(const char* file, Visit visit) {
  const int fd = static_cast<int>(sys::open_for_reading(file));
  if (fd < 0) return;
  char buffer[4096];
  long value = 0;
  for (;;) {
    const long size = sys::read(fd, buffer, sizeof buffer);
    if (size <= 0) break;
    for (long i = 0; i < size; ++i) {
      if (is_digit(buffer[i])) {
        value = value * 10 + (buffer[i] - '0');
      } else if (value > 0) {
        visit(static_cast<pid_t>(value));
        value = 0;
      }
    }
  }
  if (value > 0) visit(static_cast<pid_t>(value));
  sys::close(fd);
}

/// The parent's id, 0 when there is no such process (or no parent within sight).
inline pid_t parent_of(pid_t pid) {
  const int fd = static_cast<int>(sys::open_for_reading(ProcPath().add("/proc/").add(long{pid}).add("/stat").c_str()));
  if (fd < 0) return 0;
  char buffer[512];
  const long size = sys::read(fd, buffer, sizeof buffer - 1);
  sys::close(fd);
  if (size <= 0) return 0;
  buffer[size] = '\0';
  // "pid (name) state parent ...": the name may hold anything, so look for the last parenthesis.
  const char* at = nullptr;
  for (const char* c = buffer; *c != '\0'; ++c) {
    if (*c == ')') at = c;
  }
  if (at == nullptr || at + 4 >= buffer + size) return 0;
  at += 4;
  return static_cast<pid_t>(read_number(at));
}

}  // namespace taskcore::exec
