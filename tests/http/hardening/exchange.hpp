// One exchange with a server over a connection of its own, however odd, and the proof that the server took no harm.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace taskd::testing {

struct Exchange {
  std::string what;
  std::string bytes;

  /// The statuses of the answers, in order. "end" behind them: the server ends the connection. "half": the client ends
  /// its side of it first.
  std::string expected;
};

/// Sends the bytes and compares what comes. A connection that goes on must still be in step: the next request on it is
/// answered with `well`, the body of a good answer to GET /livez, and so is one on a new connection. Whatever is
/// refused is a problem document.
void expect(std::uint16_t port, const Exchange& exchange, std::string_view well);

/// Each of them, on the server at `port`.
void expect_all(std::uint16_t port, const std::vector<Exchange>& exchanges, std::string_view well);

/// What the echo of tests says to GET /livez.
inline constexpr std::string_view kEchoed = "GET /livez ";

/// What the server says to it.
inline constexpr std::string_view kAlive = R"({"status":"ok"})";

std::string times(std::size_t count, std::string_view text);

}  // namespace taskd::testing
