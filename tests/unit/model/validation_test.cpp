// The rules on a task's values, and its defaults.
#include "model/validation.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <limits>

#include "samples.hpp"
#include "support/catch.hpp"

using namespace taskcore;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

TaskSpec named() {
  TaskSpec spec;
  spec.name = "n";
  return spec;
}

/// What is wrong with a good task after `change`.
std::vector<std::string> pointers(const std::function<void(TaskSpec&)>& change) {
  TaskSpec spec = named();
  change(spec);
  std::vector<std::string> out;
  if (const auto checked = complete_spec(spec, {}); !checked) {
    CHECK(checked.error().code == Errc::invalid);
    for (const FieldError& field : checked.error().fields) out.push_back(field.pointer);
  }
  return out;
}

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE("a name alone is a task, with every default filled in") {
  TaskSpec spec = named();
  REQUIRE(complete_spec(spec, {.timezone = "Europe/Berlin", .max_retries = 7, .timeout = 5s}));
  CHECK(spec.schedule == "manual");
  CHECK(spec.timezone == "Europe/Berlin");
  CHECK(spec.max_retries == 7);
  CHECK(spec.timeout == 5s);
  CHECK(spec.queue == "default");
  CHECK(spec.id.empty());
}

TEST_CASE("what a task says itself stays") {
  TaskSpec spec = samples::full_spec();
  REQUIRE(complete_spec(spec, {}));
  CHECK(samples::same(spec, samples::full_spec()));
}

TEST_CASE("an empty queue is the default one") {
  TaskSpec spec = named();
  spec.queue.clear();
  REQUIRE(complete_spec(spec, {}));
  CHECK(spec.queue == "default");
}

TEST_CASE("repeated tags and users are dropped, the first ones stay in order") {
  TaskSpec spec = named();
  spec.tags = {"b", "a", "b", "a", "c"};
  spec.assigned_to = {"x", "x"};
  REQUIRE(complete_spec(spec, {}));
  CHECK(spec.tags == std::vector<std::string>{"b", "a", "c"});
  CHECK(spec.assigned_to == std::vector<std::string>{"x"});
}

TEST_CASE("faults point at the items as they were given") {
  CHECK(pointers([](TaskSpec& s) { s.tags = {"a", "a", " ", "b\n"}; }) == Pointers{"/tags/2", "/tags/3"});
}

TEST_CASE("all wrong fields are listed at once") {
  TaskSpec spec = named();
  spec.name = " ";
  spec.id = "a b";
  spec.max_retries = -1;
  spec.retry.max_delay = Duration(-1);
  spec.dependencies = {"ok", "not ok", "ok"};
  const auto checked = complete_spec(spec, {});
  REQUIRE_FALSE(checked);
  Pointers found;
  for (const FieldError& field : checked.error().fields) found.push_back(field.pointer);
  CHECK(found == Pointers{"/id", "/name", "/dependencies/1", "/dependencies/2", "/maxRetries", "/retry/maxDelay"});
  CHECK(checked.error().detail == "/id: must be 1 to 128 letters, digits or \"_\", \".\", \":\", \"-\" (and 5 more)");
}

TEST_CASE("an id is a token and not stats") {
  CHECK(pointers([](TaskSpec& s) { s.id = std::string(128, 'a'); }).empty());
  CHECK(pointers([](TaskSpec& s) { s.id = std::string(129, 'a'); }) == Pointers{"/id"});
  CHECK(pointers([](TaskSpec& s) { s.id = "stats"; }) == Pointers{"/id"});
  CHECK(pointers([](TaskSpec& s) { s.id = "a/b"; }) == Pointers{"/id"});
}

TEST_CASE("a name is a line of 1 to 200 characters") {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "\xC3\xA4";
  CHECK(pointers([&](TaskSpec& s) { s.name = umlauts; }).empty());
  for (const std::string& bad : {std::string(), std::string("  "), std::string("a\nb"), std::string("a\0b", 3),
                                 std::string("\xFF"), umlauts + "x"}) {
    CHECK(pointers([&](TaskSpec& s) { s.name = bad; }) == Pointers{"/name"});
  }
}

TEST_CASE("a description may have lines, up to 10,000 characters") {
  CHECK(pointers([](TaskSpec& s) { s.description = "a\nb\t" + std::string(9996, 'x'); }).empty());
  CHECK(pointers([](TaskSpec& s) { s.description = std::string(10'001, 'x'); }) == Pointers{"/description"});
  CHECK(pointers([](TaskSpec& s) { s.description = std::string("\0", 1); }) == Pointers{"/description"});
}

TEST_CASE("a schedule may be written with tabs, up to 1,000 characters") {
  CHECK(pointers([](TaskSpec& s) { s.schedule = "0\t9\t* * *"; }).empty());
  CHECK(pointers([](TaskSpec& s) { s.schedule = std::string(1001, 'x'); }) == Pointers{"/schedule"});
}

TEST_CASE("numbers are taken up to both ends of their range and no further") {
  struct Range {
    std::string pointer;
    std::function<void(TaskSpec&, std::int64_t)> set;
    std::int64_t least;
    std::int64_t most;
  };
  const std::int64_t month = 30LL * 24 * 3600 * 1000;
  const auto narrow = [](std::int64_t n) { return static_cast<int>(n); };
  const std::vector<Range> ranges{
      {"/maxRetries", [&](TaskSpec& s, std::int64_t n) { s.max_retries = narrow(n); }, 0, 1000},
      {"/catchUpLimit", [&](TaskSpec& s, std::int64_t n) { s.catch_up_limit = narrow(n); }, 1, 10'000},
      {"/maxLost", [&](TaskSpec& s, std::int64_t n) { s.max_lost = narrow(n); }, 1, 100},
      {"/timeout", [](TaskSpec& s, std::int64_t n) { s.timeout = Duration(n); }, 1, month},
      {"/maxRuns", [&](TaskSpec& s, std::int64_t n) { s.max_runs = narrow(n); }, 1, 1'000'000'000},
      {"/scheduleJitter", [](TaskSpec& s, std::int64_t n) { s.schedule_jitter = Duration(n); }, 0, 24LL * 3600 * 1000},
      {"/startDeadline", [](TaskSpec& s, std::int64_t n) { s.start_deadline = Duration(n); }, 1,
       365LL * 24 * 3600 * 1000},
      {"/killGrace", [](TaskSpec& s, std::int64_t n) { s.kill_grace = Duration(n); }, 0, 600'000},
      {"/retry/multiplier", [](TaskSpec& s, std::int64_t n) { s.retry.multiplier = static_cast<double>(n); }, 1, 100},
      {"/retry/maxDelay", [](TaskSpec& s, std::int64_t n) { s.retry.max_delay = Duration(n); }, 1000, month},
      {"/retry/initialDelay",
       [](TaskSpec& s, std::int64_t n) {
         s.retry.initial_delay = Duration(n);
         s.retry.max_delay = std::chrono::days(30);
       },
       0, month},
  };
  for (const Range& range : ranges) {
    INFO(range.pointer);
    CHECK(pointers([&](TaskSpec& s) { range.set(s, range.least); }).empty());
    CHECK(pointers([&](TaskSpec& s) { range.set(s, range.most); }).empty());
    for (const std::int64_t outside : {range.least - 1, range.most + 1}) {
      const auto found = pointers([&](TaskSpec& s) { range.set(s, outside); });
      CHECK(std::find(found.begin(), found.end(), range.pointer) != found.end());
    }
  }
}

TEST_CASE("a multiplier that is no number is refused") {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CHECK(pointers([&](TaskSpec& s) { s.retry.multiplier = bad; }) == Pointers{"/retry/multiplier"});
  }
}

TEST_CASE("the bounds of a schedule are in order and can be written") {
  CHECK(pointers([](TaskSpec& s) { s.start_at = s.end_at = samples::at(5); }).empty());
  CHECK(pointers([](TaskSpec& s) {
          s.start_at = samples::at(6);
          s.end_at = samples::at(5);
        }) == Pointers{"/endAt"});
  CHECK(pointers([](TaskSpec& s) { s.start_at = samples::at(-1); }) == Pointers{"/startAt"});
  CHECK(pointers([](TaskSpec& s) { s.end_at = samples::at(253402300800000); }) == Pointers{"/endAt"});
}

TEST_CASE("a unique key is a line of up to 200 characters") {
  CHECK(pointers([](TaskSpec& s) { s.unique_key = std::string(200, 'k'); }).empty());
  CHECK(pointers([](TaskSpec& s) { s.unique_key = std::string(201, 'k'); }) == Pointers{"/uniqueKey"});
  CHECK(pointers([](TaskSpec& s) { s.unique_key = " "; }) == Pointers{"/uniqueKey"});
}

TEST_CASE("a concurrency key is a line of up to 200 characters") {
  CHECK(pointers([](TaskSpec& s) { s.concurrency_key = std::string(200, 'k'); }).empty());
  CHECK(pointers([](TaskSpec& s) { s.concurrency_key = std::string(201, 'k'); }) == Pointers{"/concurrencyKey"});
  CHECK(pointers([](TaskSpec& s) { s.concurrency_key = "a\nb"; }) == Pointers{"/concurrencyKey"});
  CHECK(pointers([](TaskSpec& s) { s.concurrency_key = " "; }) == Pointers{"/concurrencyKey"});
}

TEST_CASE("queue and type are tokens") {
  CHECK(pointers([](TaskSpec& s) { s.queue = "a b"; }) == Pointers{"/queue"});
  CHECK(pointers([](TaskSpec& s) { s.queue = std::string(65, 'q'); }) == Pointers{"/queue"});
  CHECK(pointers([](TaskSpec& s) { s.config.type = ""; }) == Pointers{"/type"});
}

TEST_CASE("lists are bounded, counted without repetitions where these are dropped") {
  const auto numbered = [](std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back("i" + std::to_string(i));
    return out;
  };
  CHECK(pointers([&](TaskSpec& s) { s.tags = numbered(50); }).empty());
  CHECK(pointers([&](TaskSpec& s) { s.tags = numbered(51); }) == Pointers{"/tags"});
  CHECK(pointers([&](TaskSpec& s) { s.tags = std::vector<std::string>(1000, "same"); }).empty());
  CHECK(pointers([&](TaskSpec& s) { s.assigned_to = numbered(101); }) == Pointers{"/assignedTo"});
  CHECK(pointers([&](TaskSpec& s) { s.dependencies = numbered(100); }).empty());
  CHECK(pointers([&](TaskSpec& s) { s.dependencies = numbered(101); }) == Pointers{"/dependencies"});
  CHECK(pointers([&](TaskSpec& s) { s.tags = {std::string(101, 't')}; }) == Pointers{"/tags/0"});
  CHECK(pointers([&](TaskSpec& s) { s.assigned_to = {"a\x7F"}; }) == Pointers{"/assignedTo/0"});
}

TEST_CASE("a configuration is refused when it could not be stored") {
  const auto config = [](std::string key, boost::json::value value) {
    return [key, value](TaskSpec& s) { s.config.values[key] = value; };
  };
  const auto text = [](std::size_t size) { return boost::json::value(std::string(size, 'x')); };
  CHECK(pointers(config("k", text(64 * 1024 - 8))).empty());
  CHECK(pointers(config("k", text(64 * 1024 - 7))) == Pointers{"/config"});
  CHECK(pointers(config("bad/text", "\xFF")) == Pointers{"/config/bad~1text"});
  CHECK(pointers(config("\xFF", 1)) == Pointers{"/config"});
  CHECK(pointers(config("list", boost::json::array{1, std::numeric_limits<double>::infinity()})) ==
        Pointers{"/config/list/1"});
}

TEST_CASE("a configuration may be 32 levels deep") {
  const auto nested = [](int levels) {
    boost::json::value value = 1;
    for (int i = 0; i < levels - 1; ++i) value = boost::json::array{value};
    return [value](TaskSpec& s) { s.config.values["v"] = value; };
  };
  CHECK(pointers(nested(32)).empty());
  CHECK(pointers(nested(33)).size() == 1);
  CHECK(pointers(nested(5000)).size() == 1);
}

TEST_CASE("a choice that has no word is refused") {
  CHECK(pointers([](TaskSpec& s) { s.priority = static_cast<Priority>(9); }) == Pointers{"/priority"});
  CHECK(pointers([](TaskSpec& s) { s.retry.jitter = static_cast<Jitter>(9); }) == Pointers{"/retry/jitter"});
}

TEST_CASE("forEach is a short list, or a text") {
  const auto with = [](json::value for_each) {
    return pointers([&](TaskSpec& spec) { spec.for_each = std::move(for_each); });
  };
  CHECK(with(nullptr).empty());
  CHECK(with("${params.a}").empty());
  CHECK(with(json::array{}).empty());
  CHECK(with(json::array(1000, json::value(1))).empty());
  CHECK(with(json::array(1001, json::value(1))) == Pointers{"/forEach"});
  CHECK(with(json::object{{"a", 1}}) == Pointers{"/forEach"});
  CHECK(with(7) == Pointers{"/forEach"});
  CHECK(with(json::array{std::string(256 * 1024, 'x')}) == Pointers{"/forEach"});
  CHECK(with(json::array{1, "\xff"}) == Pointers{"/forEach/1"});
}
