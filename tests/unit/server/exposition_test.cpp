// Numbers as text: the two formats, what is escaped, and how histograms add up.
#include "metrics/exposition.hpp"

#include <limits>

#include "metrics/engine_metrics.hpp"
#include "middleware/http_metrics.hpp"
#include "support/catch.hpp"

using namespace taskd;
using Format = Exposition::Format;

namespace {

constexpr std::array<std::uint64_t, 2> kBounds{500, 2000};

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a metric has its help, its type and its samples", "[exposition]") {
  Exposition out(Format::prometheus);
  out.counter("a_total", "Some \"text\" with \\ and\na second line.");
  out.sample(3);
  out.sample(0.25, {{"x", "1"}, {"y", ""}});
  CHECK(out.take() ==
        "# HELP a_total Some \"text\" with \\\\ and\\na second line.\n# TYPE a_total counter\na_total 3\n"
        "a_total{x=\"1\",y=\"\"} 0.25\n");
}

TEST_CASE("a label's value is escaped", "[exposition]") {
  Exposition out(Format::prometheus);
  out.gauge("g", "h");
  out.sample(1, {{"x", "a\"b\\c\nd"}});
  CHECK(out.take().find("g{x=\"a\\\"b\\\\c\\nd\"} 1\n") != std::string::npos);
}

TEST_CASE("numbers read back as what they are", "[exposition]") {
  Exposition out(Format::prometheus);
  out.gauge("g", "h");
  for (const double value : {0.0, -1.0, 1e15, 1e300, 0.1, std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    out.sample(value);
  }
  CHECK(out.take() ==
        "# HELP g h\n# TYPE g gauge\ng 0\ng -1\ng 1000000000000000\ng 1e+300\ng 0.1\ng +Inf\ng -Inf\ng NaN\n");
}

TEST_CASE("buckets add up, and the last one is all", "[exposition]") {
  taskcore::Histogram<kBounds> values;
  for (const std::uint64_t value : {100, 500, 501, 9000}) values.add(value);
  Exposition out(Format::prometheus);
  out.histogram("h", "x");
  out.buckets(values, 1000, {{"r", "a"}});
  CHECK(out.take() ==
        "# HELP h x\n# TYPE h histogram\nh_bucket{r=\"a\",le=\"0.5\"} 2\nh_bucket{r=\"a\",le=\"2\"} 3\n"
        "h_bucket{r=\"a\",le=\"+Inf\"} 4\nh_sum{r=\"a\"} 10.101\nh_count{r=\"a\"} 4\n");
}

TEST_CASE("OpenMetrics names counters otherwise, writes bounds as fractions, and has an end", "[exposition]") {
  Exposition out(Format::open_metrics);
  out.counter("a_total", "A \"quoted\" one.");
  out.sample(1);
  out.histogram("h", "x");
  out.buckets(taskcore::Histogram<kBounds>{}, 1000);
  CHECK(out.take() ==
        "# HELP a A \\\"quoted\\\" one.\n# TYPE a counter\na_total 1\n# HELP h x\n# TYPE h histogram\n"
        "h_bucket{le=\"0.5\"} 0\nh_bucket{le=\"2.0\"} 0\nh_bucket{le=\"+Inf\"} 0\nh_sum 0\nh_count 0\n# EOF\n");
  CHECK(out.content_type().starts_with("application/openmetrics-text"));
}

TEST_CASE("requests are counted by method, route and status", "[exposition]") {
  HttpMetrics metrics;
  const std::string route = "/api/tasks/:id";
  metrics.count(route, Method::get, 200, std::chrono::microseconds(300));
  metrics.count(route, Method::get, 200, std::chrono::microseconds(20'000'000));
  metrics.count(route, Method::get, 404, std::chrono::microseconds(1));
  metrics.count({}, Method::other, 404, std::chrono::microseconds(1));
  Exposition out(Format::prometheus);
  metrics.write(out);
  const std::string text = out.take();
  INFO(text);
  CHECK(count(text, R"(taskd_http_requests_total{method="GET",route="/api/tasks/:id",status="200"} 2)") == 1);
  CHECK(count(text, R"(taskd_http_requests_total{method="GET",route="/api/tasks/:id",status="404"} 1)") == 1);
  CHECK(count(text, R"(taskd_http_requests_total{method="other",route="none",status="404"} 1)") == 1);
  CHECK(count(text, R"(_bucket{route="/api/tasks/:id",le="0.00025"} 1)") == 1);
  CHECK(count(text, R"(_bucket{route="/api/tasks/:id",le="10"} 2)") == 1);
  CHECK(count(text, R"(_bucket{route="/api/tasks/:id",le="+Inf"} 3)") == 1);
}

TEST_CASE("of many queues most are shown as one", "[exposition]") {
  StoreGauges::Values values;
  for (std::size_t i = 0; i < kMaxQueuesShown + 3; ++i) {
    taskcore::Queue queue;
    queue.name = "q" + std::to_string(i);
    queue.ready = 2;
    queue.oldest_ready = values.at - std::chrono::seconds(i);
    values.queues.push_back(std::move(queue));
  }
  Exposition out(Format::prometheus);
  write_store(out, values);
  const std::string text = out.take();
  CHECK(count(text, "state=\"ready\"") == kMaxQueuesShown + 1);
  CHECK(count(text, "taskcore_queue_depth{queue=\"(others)\",state=\"ready\"} 6\n") == 1);
  CHECK(count(text, "taskcore_oldest_due_age_seconds{queue=\"(others)\"} 202\n") == 1);
}
