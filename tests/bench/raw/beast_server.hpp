// A bare HTTP server on one thread: Beast reads and parses each request and writes the same prepared response.
// In a file of its own because Beast is dear to compile.
#pragma once

#include <string>

namespace bench {

/// Serves the response in the file (head and body, as bytes) on a free port of the loopback, which it prints. It ends
/// by a signal.
int run_beast_server(const std::string& response_file);

}  // namespace bench
