// Numbers as text for a monitoring system: Prometheus' text format 0.0.4, and OpenMetrics 1.0, which differs little.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "taskcore/metrics.hpp"

namespace taskd {

class Exposition {
 public:
  enum class Format { prometheus, open_metrics };
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit Exposition(Format format) : format_(format) {}

  // Each begins a metric; the samples that follow are its own. Names of counters end in "_total".
  void counter(std::string_view name, std::string_view help) { begin(name, "counter", help); }
  void gauge(std::string_view name, std::string_view help) { begin(name, "gauge", help); }
  void histogram(std::string_view name, std::string_view help) { begin(name, "histogram", help); }

  void sample(double value, Labels labels = {});
  /// One histogram; its values are divided by `unit`: 1000 for milliseconds that are shown as seconds.
  template <const auto& Bounds>
  void buckets(const taskcore::Histogram<Bounds>& values, double unit, Labels labels = {}) {
    buckets(Bounds, values.counts, values.sum, unit, labels);
  }

  std::string_view content_type() const noexcept;
  /// All of it; once.
  std::string take();

 private:
  void begin(std::string_view name, std::string_view type, std::string_view help);
  void buckets(std::span<const std::uint64_t> bounds, std::span<const std::uint64_t> counts, std::uint64_t sum,
               double unit, Labels labels);
  void line(std::string_view suffix, Labels labels, std::string_view bound, double value);

  Format format_;
  std::string name_{};
  std::string text_{};
};

}  // namespace taskd
