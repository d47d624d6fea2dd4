// The bare Beast server (beast_server.hpp) as a process of its own.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "harness/process.hpp"
#include "harness/workspace.hpp"

namespace bench {

/// Answers `response`, the bytes of a whole answer, to everything.
class Bare {
 public:
  Bare(const Workspace& workspace, const std::string& response)
      : process_({own_program(), "--child-beast", write(workspace, response)}),
        port_(static_cast<std::uint16_t>(std::stoi(process_.read_line()))) {}
  std::uint16_t port() const { return port_; }

 private:
  static std::string write(const Workspace& workspace, const std::string& response) {
    const std::string path = workspace.file("response");
    std::ofstream(path, std::ios::binary) << response;
    return path;
  }
  Process process_;
  std::uint16_t port_;
};

}  // namespace bench
