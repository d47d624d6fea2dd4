// Facts about the machine and the build, without which no figure means anything.
#pragma once

#include <filesystem>
#include <string>

namespace bench {

struct Machine {
  unsigned cores = 0;
  std::string cpu{};
  std::string kernel{};
  std::string compiler{};
  std::string build{};
  std::string sqlite{};
  std::string directory{};
  std::string file_system{};  ///< Of that directory.
  std::string huge_pages{};   ///< When the kernel gives them unasked: "always", "madvise" or "never".
  double load = 0;            ///< The load average of the last minute.
  double core_to_core_ns = 0;
  double page_fault_us = 0;
};

Machine look_at_machine(const std::filesystem::path& directory);
std::string describe(const Machine& machine);

/// Resident memory of a process (0: this one) in bytes.
double resident_bytes(int pid = 0);

}  // namespace bench
