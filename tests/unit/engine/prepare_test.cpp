// What is checked and filled in before a task is stored.
#include "engine/prepare.hpp"

#include <algorithm>

#include "engine/registry.hpp"
#include "support/catch.hpp"

namespace taskcore {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow{std::chrono::days(20000)};

/// Serves "probe"; wants a config without "bad", and says it without a field of "vague".
class Probe final : public Executor {
 public:
  std::string_view type() const noexcept override { return "probe"; }
  Result<void> validate(const boost::json::object& config) const override {
    if (config.contains("vague")) return fail(Errc::invalid, "not like this");
    if (config.contains("bad")) return invalid("/config/bad", "must not be there");
    return {};
  }
  void start(std::shared_ptr<RunContext>, RunCompletion done) override { done(Outcome::success()); }
};

TaskSpec spec() { return {.id = "job", .name = "job", .config = {.type = "probe"}}; }

Result<Prepared> prepared(TaskSpec what) {
  Registry registry;
  registry.add(std::make_shared<Probe>());
  Options options;
  options.timezone = "Europe/Berlin";
  options.default_max_retries = 5;
  options.default_timeout = 7s;
  return prepare(std::move(what), options, registry, kNow);
}

}  // namespace

TEST_CASE("what a spec leaves open takes the scheduler's defaults") {
  const TaskSpec out = prepared(spec()).value().stored().spec;
  CHECK(out.timezone == "Europe/Berlin");
  CHECK(out.max_retries == 5);
  CHECK(out.timeout == 7s);
  CHECK(out.schedule == "manual");
}

TEST_CASE("what an executor refuses without naming a field is refused, too, also in a notification's call") {
  TaskSpec what = spec();
  what.config.values = {{"vague", 1}};
  CHECK(prepared(what).error().fields.at(0).pointer == "/config");
  what = spec();
  what.notify = {{.call = {.type = "probe", .values = {{"vague", 1}}}}};
  CHECK(prepared(what).error().fields.at(0).pointer == "/notify/onFailure/config");
}

TEST_CASE("what a spec says stays") {
  TaskSpec what = spec();
  what.timezone = "UTC";
  what.max_retries = 0;
  what.timeout = 1s;
  const TaskSpec out = prepared(what).value().stored().spec;
  CHECK(out.timezone == "UTC");
  CHECK(out.max_retries == 0);
  CHECK(out.timeout == 1s);
}

TEST_CASE("a schedule that counts from now is resolved, and its words are kept") {
  TaskSpec what = spec();
  what.schedule = "in 10 minutes";
  Prepared out = prepared(what).value();
  CHECK(out.stored().spec.schedule == "at " + format_time(kNow + 10min));
  CHECK(out.stored().schedule_source == "in 10 minutes");
  CHECK(out.anchor == kNow);
  CHECK(out.schedule().first() == kNow + 10min);
  TaskRow row;
  fill_row(row, out);
  CHECK(row.once);
  CHECK(row.anchor == kNow);
}

TEST_CASE("everything that is wrong is told at once") {
  TaskSpec what = spec();
  what.name = "";
  what.config.values["bad"] = 1;
  what.schedule = "whenever";
  what.max_lost = 0;
  const Error error = prepared(what).error();
  CHECK(error.code == Errc::invalid);
  std::vector<std::string> pointers;
  for (const FieldError& field : error.fields) pointers.push_back(field.pointer);
  std::sort(pointers.begin(), pointers.end());
  CHECK(pointers == std::vector<std::string>{"/config/bad", "/maxLost", "/name", "/schedule"});
}

TEST_CASE("a type that nobody serves is refused with those that are known") {
  TaskSpec what = spec();
  what.config.type = "teapot";
  const Error error = prepared(what).error();
  CHECK(error.code == Errc::invalid);
  CHECK(error.detail.find("probe") != std::string::npos);
}

TEST_CASE("a schedule without an instant left is refused where it is set") {
  TaskSpec what = spec();
  what.schedule = "every 1 hour";
  what.end_at = kNow + 1min;
  Prepared out = prepared(what).value();
  const Result<void> checked = check_has_instant(out);
  REQUIRE_FALSE(checked.has_value());
  const Error error = checked.error();
  CHECK(error.fields.at(0).pointer == "/schedule");
  CHECK(check_has_instant(prepared(spec()).value()).has_value());
}

TEST_CASE("two schedules are the same when their words, zone and bounds are") {
  TaskSpec a = spec();
  TaskSpec b = spec();
  CHECK(same_schedule(a, "every 5m", b, "every 5m"));
  CHECK_FALSE(same_schedule(a, "every 5m", b, "every 5 minutes"));
  b.start_at = kNow;
  CHECK_FALSE(same_schedule(a, "every 5m", b, "every 5m"));
  b = spec();
  b.timezone = "UTC";
  CHECK_FALSE(same_schedule(a, "every 5m", b, "every 5m"));
}

}  // namespace taskcore
