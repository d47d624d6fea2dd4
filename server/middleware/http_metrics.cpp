// HTTP metrics: see http_metrics.hpp.
#include "middleware/http_metrics.hpp"

namespace taskd {

namespace {

std::string_view shown(std::string_view route) { return route.empty() ? "none" : route; }

}  // namespace

void HttpMetrics::count(std::string_view route, Method method, int status, std::chrono::microseconds duration) {
  const std::lock_guard lock(mutex_);
  ++requests_[{route, method, status}];
  durations_[route].add(static_cast<std::uint64_t>(duration.count()));
}

void HttpMetrics::write(Exposition& out) const {
  // A copy, so that requests do not wait for the text.
  std::unique_lock lock(mutex_);
  const auto requests = requests_;
  const auto durations = durations_;
  lock.unlock();
  out.counter("taskd_http_requests_total", "Requests answered.");
  for (const auto& [key, count] : requests) {
    out.sample(
        static_cast<double>(count),
        {{"method", to_string(key.method)}, {"route", shown(key.route)}, {"status", std::to_string(key.status)}});
  }
  out.histogram("taskd_http_request_duration_seconds", "From a request's arrival to its answer.");
  for (const auto& [route, values] : durations) out.buckets(values, 1e6, {{"route", shown(route)}});
}

Handler with_http_metrics(Handler next, std::shared_ptr<HttpMetrics> metrics) {
  return [next = std::move(next), metrics = std::move(metrics)](std::shared_ptr<Request> request, Reply reply) {
    const auto began = std::chrono::steady_clock::now();
    reply.before([request, began, metrics](const Response& response) {
      const auto took = std::chrono::steady_clock::now() - began;
      metrics->count(request->route, request->method, response.status,
                     std::chrono::duration_cast<std::chrono::microseconds>(took));
    });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
