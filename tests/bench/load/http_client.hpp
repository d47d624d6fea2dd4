// A small HTTP client for load: some connections, each with one request under way, on one thread. Loopback only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace bench {

struct Load {
  std::uint16_t port = 0;
  std::size_t connections = 64;
  double seconds = 2;
  std::size_t most = 1'000'000;                       ///< Requests.
  std::function<std::string(std::size_t)> request{};  ///< The bytes of the n-th.
  int status = 200;                                   ///< Of a good answer; any other ends the load.
};

struct LoadResult {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

/// Throws when a connection breaks or an answer has another status.
LoadResult run_load(const Load& load);

/// One request on a connection of its own; gives the answer's bytes.
std::string exchange(std::uint16_t port, const std::string& request);

std::string http_request(const std::string& method, const std::string& target, const std::string& token,
                         const std::string& body = {});

}  // namespace bench
