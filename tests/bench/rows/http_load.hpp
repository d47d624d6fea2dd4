// Load on taskd and on a bare Beast server in turn, by one client.
#pragma once

#include <cstdint>
#include <string>

#include "harness/measure.hpp"
#include "harness/settings.hpp"
#include "load/http_client.hpp"

namespace bench {

struct HttpFigures {
  Pair per_second{};
  double p99_us = 0;      ///< Ours: the median of the rounds.
  double raw_p99_us = 0;  ///< Likewise.
};

/// `load` without its port and time; its status is that of ours, the bare server's is what it was given.
HttpFigures measure_http_load(const Settings& settings, std::uint16_t ours, std::uint16_t bare, Load load);

/// The n-th of many tasks.
std::string create_request(const std::string& token, std::size_t n);

}  // namespace bench
