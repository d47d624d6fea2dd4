// Counts the answered requests. By the route's pattern and never by the path: what clients send must not make time
// series.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "http/reply.hpp"
#include "metrics/exposition.hpp"

namespace taskd {

/// In microseconds.
inline constexpr std::array<std::uint64_t, 12> kRequestDurationBounds{
    250, 500, 1000, 2500, 5000, 10'000, 25'000, 50'000, 100'000, 500'000, 2'500'000, 10'000'000};

/// Usable from several threads at once. It must not outlive the router, whose patterns it holds.
class HttpMetrics {
 public:
  /// `route` is the router's pattern, empty where no route was reached: an unknown path, or refused before.
  void count(std::string_view route, Method method, int status, std::chrono::microseconds duration);

  void write(Exposition& out) const;

 private:
  struct Key {
    std::string_view route;
    Method method;
    int status;
    auto operator<=>(const Key&) const = default;
  };

  mutable std::mutex mutex_{};
  std::map<Key, std::uint64_t> requests_{};
  std::map<std::string_view, taskcore::Histogram<kRequestDurationBounds>> durations_{};
};

/// Counts each answer before it goes out.
Handler with_http_metrics(Handler next, std::shared_ptr<HttpMetrics> metrics);

}  // namespace taskd
