// Whether tests that need Node.js can run.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <sstream>
#include <string>

#include "support/catch.hpp"

namespace taskd::testing {

/// Whether there is a Node.js in PATH; says so when there is none.
inline bool has_node() {
  std::istringstream places(::getenv("PATH") != nullptr ? ::getenv("PATH") : "");
  for (std::string place; std::getline(places, place, ':');) {
    if (::access((place + "/node").c_str(), X_OK) == 0 || ::access((place + "/nodejs").c_str(), X_OK) == 0) return true;
  }
  WARN("SKIPPED: there is no Node.js in PATH (apt-get install nodejs)");
  return false;
}

}  // namespace taskd::testing
