// Percentiles out of buckets.
#include "soak/histogram.hpp"

#include "support/catch.hpp"

namespace taskcore::soak {

TEST_CASE("percentiles are exact for small values and at most 3 % high for large ones, the maximum is exact") {
  Histogram histogram;
  CHECK(histogram.percentile(0.5) == 0);
  for (std::uint64_t i = 1; i <= 20; ++i) histogram.add(i);
  CHECK(histogram.percentile(0.5) == 10);
  CHECK(histogram.percentile(1) == 20);
  for (const std::uint64_t value : {100U, 12'345U, 7'654'321U, 4'000'000'000U}) {
    Histogram one;
    for (int i = 0; i < 99; ++i) one.add(value);
    one.add(2 * value);
    CHECK(one.percentile(0.5) >= value);
    CHECK(static_cast<double>(one.percentile(0.5)) <= 1.033 * static_cast<double>(value));
    CHECK(one.max() == 2 * value);
    CHECK(one.percentile(1) == 2 * value);
    CHECK(one.count() == 100);
  }
}

}  // namespace taskcore::soak
