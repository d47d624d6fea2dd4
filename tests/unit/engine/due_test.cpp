// Instants that have passed, and what becomes of them. The grid is one minute; the first instant is at minute 1.
#include "engine/due.hpp"

#include "support/catch.hpp"

namespace taskcore {
namespace {

using namespace std::chrono_literals;

const TimePoint kZero{std::chrono::days(20000)};

TimePoint minute(int number) { return kZero + number * 1min; }

const Schedule kGrid = Schedule::parse("every 1 minute", {.set_at = kZero}).value();

/// `next` is the oldest instant that is not yet a run.
DueFacts facts(int next, TimePoint now, TimePoint attentive_since = kZero) {
  return {.next_due = minute(next), .now = now, .attentive_since = attentive_since};
}

DuePlan plan(const TaskSpec& spec, const DueFacts& facts) { return plan_due(kGrid, spec, facts); }

void check_skipped(const DuePlan& plan, SkipReason reason, std::size_t count, TimePoint from, TimePoint to) {
  for (const Skipped& skipped : plan.skipped) {
    if (skipped.reason != reason) continue;
    CHECK(skipped.count == count);
    CHECK(skipped.from == from);
    CHECK(skipped.to == to);
    return;
  }
  FAIL("nothing was skipped for this reason");
}

}  // namespace

TEST_CASE("an instant that is due becomes one run, whatever the misfire policy") {
  const Misfire misfire = GENERATE(Misfire::run_once, Misfire::skip, Misfire::run_all);
  const DuePlan out = plan({.name = "x", .misfire = misfire}, facts(1, minute(1) + 20ms));
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].instant == minute(1));
  CHECK(out.runs[0].missed_count == 0);
  CHECK_FALSE(out.runs[0].missed_from.has_value());
  CHECK_FALSE(out.runs[0].held);
  CHECK(out.skipped.empty());
  CHECK_FALSE(out.cancel_live);
  CHECK(out.next_due == minute(2));
}

TEST_CASE("run_once makes one run for the newest instant and counts the others") {
  const DuePlan out = plan({.name = "x"}, facts(1, minute(5) + 30s));
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].instant == minute(5));
  CHECK(out.runs[0].missed_count == 4);
  CHECK(out.runs[0].missed_from == minute(1));
  CHECK(out.next_due == minute(6));
}

TEST_CASE("misfire skip drops what passed unattended and runs what passed since") {
  const TaskSpec spec{.name = "x", .misfire = Misfire::skip};
  SECTION("nobody was there for any of them") {
    const DuePlan out = plan(spec, facts(1, minute(3) + 30s, minute(3) + 30s));
    CHECK(out.runs.empty());
    check_skipped(out, SkipReason::misfire, 3, minute(1), minute(3));
  }
  SECTION("the newest was met") {
    const DuePlan out = plan(spec, facts(1, minute(3), minute(3)));
    REQUIRE(out.runs.size() == 1);
    CHECK(out.runs[0].instant == minute(3));
    CHECK(out.runs[0].missed_count == 0);
    check_skipped(out, SkipReason::misfire, 2, minute(1), minute(2));
  }
}

TEST_CASE("run_all makes a run of each instant, oldest first, each behind the one before") {
  const DuePlan out = plan({.name = "x", .misfire = Misfire::run_all}, facts(1, minute(3)));
  REQUIRE(out.runs.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(out.runs[static_cast<std::size_t>(i)].instant == minute(i + 1));
    CHECK(out.runs[static_cast<std::size_t>(i)].held == (i > 0));
  }
  CHECK(out.skipped.empty());
}

TEST_CASE("run_all stops at the catch-up limit and records the rest") {
  const DuePlan out = plan({.name = "x", .misfire = Misfire::run_all, .catch_up_limit = 2}, facts(1, minute(1000)));
  REQUIRE(out.runs.size() == 2);
  CHECK(out.runs[1].instant == minute(2));
  check_skipped(out, SkipReason::catch_up_limit, 998, minute(3), minute(1000));
  CHECK(out.next_due == minute(1001));
}

TEST_CASE("the start deadline turns what is later into a skip, before the misfire policy is asked") {
  TaskSpec spec{.name = "x", .misfire = Misfire::run_all, .start_deadline = 90s};
  const DuePlan out = plan(spec, facts(1, minute(5)));
  REQUIRE(out.runs.size() == 2);
  CHECK(out.runs[0].instant == minute(4));
  check_skipped(out, SkipReason::deadline, 3, minute(1), minute(3));

  spec.start_deadline = 60s;  // just as late as allowed is in time
  CHECK(plan(spec, facts(1, minute(5))).runs[0].instant == minute(4));
  spec.start_deadline = 1s;
  const DuePlan none = plan(spec, facts(1, minute(5) + 2s));
  CHECK(none.runs.empty());
  check_skipped(none, SkipReason::deadline, 5, minute(1), minute(5));
}

TEST_CASE("while a run is live overlap decides") {
  TaskSpec spec{.name = "x"};
  DueFacts live = facts(1, minute(1));
  live.live = true;
  SECTION("skip") {
    const DuePlan out = plan(spec, live);
    CHECK(out.runs.empty());
    check_skipped(out, SkipReason::overlap, 1, minute(1), minute(1));
    CHECK(out.next_due == minute(2));
  }
  SECTION("skip counts the missed ones too") {
    live.now = minute(4);
    check_skipped(plan(spec, live), SkipReason::overlap, 4, minute(1), minute(4));
  }
  SECTION("queue lets one wait") {
    spec.overlap = Overlap::queue;
    const DuePlan out = plan(spec, live);
    REQUIRE(out.runs.size() == 1);
    CHECK(out.runs[0].held);
    live.one_waits = true;
    const DuePlan full = plan(spec, live);
    CHECK(full.runs.empty());
    check_skipped(full, SkipReason::overlap, 1, minute(1), minute(1));
  }
  SECTION("allow") {
    spec.overlap = Overlap::allow;
    const DuePlan out = plan(spec, live);
    REQUIRE(out.runs.size() == 1);
    CHECK_FALSE(out.runs[0].held);
    CHECK_FALSE(out.cancel_live);
  }
  SECTION("cancel_previous") {
    spec.overlap = Overlap::cancel_previous;
    const DuePlan out = plan(spec, live);
    REQUIRE(out.runs.size() == 1);
    CHECK(out.runs[0].held);
    CHECK(out.cancel_live);
  }
}

TEST_CASE("the runs of a catch-up queue among themselves, whatever overlap says") {
  TaskSpec spec{.name = "x", .misfire = Misfire::run_all, .overlap = GENERATE(Overlap::skip, Overlap::queue)};
  DueFacts live = facts(1, minute(3));
  live.live = true;
  const DuePlan out = plan(spec, live);
  REQUIRE(out.runs.size() == 3);
  for (const DueRun& run : out.runs) CHECK(run.held);
}

TEST_CASE("only the newest instant, met and not missed, is on time") {
  const TaskSpec spec{.name = "x", .misfire = GENERATE(Misfire::run_once, Misfire::run_all)};
  CHECK(plan(spec, facts(1, minute(3) + 20ms)).runs.back().on_time);
  CHECK(plan(spec, facts(1, minute(3), minute(3))).runs.back().on_time);
  for (const DueRun& run : plan(spec, facts(1, minute(3), minute(3) + 1ms)).runs) CHECK_FALSE(run.on_time);
  const DuePlan late = plan({.name = "x", .misfire = Misfire::run_all}, facts(1, minute(3)));
  CHECK_FALSE(late.runs[1].on_time);
}

TEST_CASE("a schedule ends with the last run that it may make") {
  TaskSpec spec{.name = "x", .max_runs = 5, .misfire = Misfire::run_all};
  DueFacts due = facts(1, minute(4));
  due.runs_left = runs_left(spec, 2);
  REQUIRE(due.runs_left == 3);
  const DuePlan cut = plan(spec, due);
  CHECK(cut.runs.size() == 3);
  CHECK(cut.skipped.empty());
  CHECK_FALSE(cut.next_due.has_value());
  due.runs_left = 4;
  CHECK_FALSE(plan(spec, due).next_due.has_value());
  due.runs_left = 5;
  CHECK(plan(spec, due).next_due == minute(5));
  SECTION("an instant that is dropped leaves it open") {
    due = facts(1, minute(1));
    due.live = true;
    due.runs_left = 1;
    CHECK(plan({.name = "x"}, due).next_due == minute(2));
  }
  SECTION("one run of a catch-up queues as several would") {
    due.live = true;
    due.runs_left = 1;
    const DuePlan one = plan(spec, due);
    REQUIRE(one.runs.size() == 1);
    CHECK(one.runs[0].held);
    CHECK(one.skipped.empty());
  }
  SECTION("where its last run is dropped the schedule goes on, and all that passed is recorded") {
    spec.catch_up_limit = 1;
    due.live = true;
    due.runs_left = 1;
    const DuePlan none = plan(spec, due);
    CHECK(none.runs.empty());
    check_skipped(none, SkipReason::overlap, 1, minute(1), minute(1));
    check_skipped(none, SkipReason::catch_up_limit, 3, minute(2), minute(4));
    CHECK(none.next_due == minute(5));
  }
  CHECK(runs_left(spec, 9) == 0);
  CHECK(runs_left({.name = "x"}, 9) == DueFacts::kUnbounded);
}

TEST_CASE("a once-schedule is due once") {
  const Schedule once = Schedule::parse("in 1 minute", {.set_at = kZero}).value();
  const DuePlan out = plan_due(once, {.name = "x"}, facts(1, minute(9)));
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].instant == minute(1));
  CHECK_FALSE(out.next_due.has_value());
}

}  // namespace taskcore
