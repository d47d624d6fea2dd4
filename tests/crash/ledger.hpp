// Ledgers outside the process that is killed: each line is one write(2). In a pipe it is there whole or not at all; in
// a file a kill can cut it off where a page of the file ends, so there a line begins anew and has an end of its own.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace taskcore::crash {

/// What functions append to before and after their work: "B <run> <attempt> .", "E <run> <attempt> .".
class LedgerFile {
 public:
  explicit LedgerFile(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw std::runtime_error("cannot open " + path);
  }
  ~LedgerFile() { ::close(fd_); }
  LedgerFile(const LedgerFile&) = delete;
  LedgerFile& operator=(const LedgerFile&) = delete;

  void note(char what, const std::string& run, int attempt) const {
    write(fd_, '\n' + std::string(1, what) + " " + run + " " + std::to_string(attempt) + " .\n");
  }

  static void put(int fd, char what, const std::string& rest) { write(fd, std::string(1, what) + " " + rest + "\n"); }

 private:
  static void write(int fd, const std::string& line) {
    if (::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      throw std::runtime_error("write failed");
  }

  int fd_;
};

}  // namespace taskcore::crash
