// GET /metrics over the whole interface: exact numbers after known work, who may read them, and that clients cannot
// make time series.
#include <chrono>
#include <sstream>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

void count_at_once(AppOptions& options) { options.metrics_age = std::chrono::milliseconds(0); }

std::string scrape(TestApp& app) {
  const auto answer = app.get("", "/metrics");
  REQUIRE(answer.status == 200);
  return answer.text;
}

/// The value of a sample, or -1 when there is none.
double value(const std::string& text, const std::string& sample) {
  const std::size_t at = text.find("\n" + sample + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + sample.size() + 2));
}

std::size_t samples(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::size_t count = 0;
  while (std::getline(lines, line)) count += line.starts_with("#") ? 0 : 1;
  return count;
}

}  // namespace

TEST_CASE("after known work the numbers are exact", "[metrics]") {
  TestApp app({}, {}, count_at_once);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 409);
  for (int i = 0; i < 3; ++i) {
    const auto done = app.call("alice", "POST", "/api/tasks/a/execute", "{}", {{"Prefer", "wait=10"}});
    REQUIRE(done.body.at("status") == "completed");
  }
  REQUIRE(app.get("", "/api/tasks").status == 401);
  const std::string text = scrape(app);
  INFO(text);
  CHECK(value(text, "taskcore_runs_created_total") == 3);
  CHECK(value(text, R"(taskcore_runs_total{status="completed"})") == 3);
  CHECK(value(text, R"(taskcore_runs_total{status="failed"})") == 0);
  CHECK(value(text, "taskcore_attempts_started_total") == 3);
  CHECK(value(text, R"(taskcore_attempts_total{status="completed"})") == 3);
  CHECK(value(text, "taskcore_run_duration_seconds_count") == 3);
  CHECK(value(text, R"(taskcore_run_duration_seconds_bucket{le="+Inf"})") == 3);
  CHECK(value(text, "taskcore_active_runs") == 0);
  CHECK(value(text, R"(taskcore_queue_depth{queue="default",state="ready"})") == 0);
  CHECK(value(text, R"(taskcore_oldest_due_age_seconds{queue="default"})") == 0);
  CHECK(value(text, R"(taskcore_tasks{status="completed"})") == 1);
  CHECK(value(text, "taskcore_store_errors_total") == 0);
  CHECK(value(text, "taskcore_store_up") == 1);
  CHECK(value(text, "taskcore_lost_leases_total") == 0);
  CHECK(value(text, "taskcore_commit_duration_seconds_count") >= 7);
  CHECK(value(text, R"(taskd_http_requests_total{method="POST",route="/api/tasks",status="201"})") == 1);
  CHECK(value(text, R"(taskd_http_requests_total{method="POST",route="/api/tasks",status="409"})") == 1);
  CHECK(value(text, R"(taskd_http_requests_total{method="POST",route="/api/tasks/:id/execute",status="200"})") == 3);
  CHECK(value(text, R"(taskd_http_requests_total{method="GET",route="none",status="401"})") == 1);
  CHECK(value(text, R"(taskd_http_request_duration_seconds_count{route="/api/tasks"})") == 2);
  CHECK(text.find("taskd_build_info{version=\"") != std::string::npos);
  for (const char* usual : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                            "process_start_time_seconds"}) {
    INFO(usual);
    CHECK(value(text, usual) > 0);
  }
}

TEST_CASE("clients cannot make time series by paths, methods and queues", "[metrics]") {
  TestApp app({}, {}, count_at_once);
  const auto flood = [&](int from) {
    for (int i = from; i < from + 50; ++i) {
      const std::string n = std::to_string(i);
      app.get("alice", "/api/nothing/" + n);
      app.get("alice", "/" + n);
      app.get("alice", "/api/tasks/task" + n);
      app.call("alice", "ODD" + n, "/api/tasks");
      app.get("", "/api/tasks/" + n);
    }
  };
  flood(0);
  scrape(app);
  const std::size_t before = samples(scrape(app));
  flood(1000);
  CHECK(samples(scrape(app)) == before);
}

TEST_CASE("by setting only administrators read the metrics", "[metrics]") {
  TestApp app({}, {}, [](AppOptions& options) { options.metrics_need_admin = true; });
  const auto none = app.get("", "/metrics");
  CHECK(none.status == 401);
  CHECK(none.headers.get("WWW-Authenticate"));
  CHECK(app.get("alice", "/metrics").status == 403);
  CHECK(app.get("root:admin", "/metrics").status == 200);
  CHECK(app.get("", "/livez").status == 200);
}

TEST_CASE("either format is given, as asked", "[metrics]") {
  TestApp app;
  const auto plain = app.get("", "/metrics");
  CHECK(plain.headers.get("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(plain.text.find("# TYPE taskcore_retries_total counter\n") != std::string::npos);
  const auto open = app.call("", "GET", "/metrics", "", {{"Accept", "application/openmetrics-text;version=1.0.0"}});
  CHECK(open.headers.get("Content-Type") == "application/openmetrics-text; version=1.0.0; charset=utf-8");
  CHECK(open.text.find("# TYPE taskcore_retries counter\ntaskcore_retries_total 0\n") != std::string::npos);
  CHECK(open.text.ends_with("\n# EOF\n"));
}

TEST_CASE("what is counted in the store is kept for a while", "[metrics]") {
  TestApp app({}, {}, [](AppOptions& options) { options.metrics_age = std::chrono::hours(1); });
  CHECK(value(scrape(app), R"(taskcore_tasks{status="pending"})") == 0);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  CHECK(value(scrape(app), R"(taskcore_tasks{status="pending"})") == 0);
}

TEST_CASE("scrapes do not run into the rate limit of others, unless they need a token", "[metrics]") {
  for (const bool need_admin : {false, true}) {
    TestApp app({}, {}, [need_admin](AppOptions& options) {
      options.metrics_need_admin = need_admin;
      options.limiter = std::make_shared<RateLimiter>(1);
    });
    app.get("", "/api/tasks");
    CHECK(app.get("", "/api/tasks").status == 429);
    CHECK(app.get("", "/metrics").status == (need_admin ? 429 : 200));
  }
}
