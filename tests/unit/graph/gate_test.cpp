// The truth table of trigger rules, over every combination of up to four upstreams.
#include "graph/gate.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace taskcore;

namespace {

constexpr std::array kStates{EdgeState::open, EdgeState::completed, EdgeState::failed, EdgeState::mixed};
constexpr std::array kPolicies{OnDependencyFailure::wait, OnDependencyFailure::cancel, OnDependencyFailure::run};

/// "ocfm": the first upstream is open, the second completed, the third failed, the fourth both.
std::vector<UpstreamFacts> facts(std::string_view states) {
  std::vector<UpstreamFacts> out;
  for (const char state : states) {
    const auto which = kStates[std::string_view("ocfm").find(state)];
    out.push_back({.task = static_cast<TaskKey>(out.size() + 1), .state = which});
  }
  return out;
}

/// Every combination of `count` upstreams.
std::vector<std::vector<UpstreamFacts>> combinations(std::size_t count) {
  std::vector<std::vector<UpstreamFacts>> out{{}};
  for (std::size_t i = 1; i <= count; ++i) {
    std::vector<std::vector<UpstreamFacts>> longer;
    for (const auto& shorter : out) {
      for (const EdgeState state : kStates) {
        longer.push_back(shorter);
        longer.back().push_back({.task = static_cast<TaskKey>(i), .state = state});
      }
    }
    out = std::move(longer);
  }
  return out;
}

/// Whether the rule holds for upstreams that have all ended, in the words of the rule.
bool holds_at_rest(TriggerRule rule, const std::vector<UpstreamFacts>& upstreams) {
  const auto is = [](EdgeState state) { return [state](const UpstreamFacts& facts) { return facts.state == state; }; };
  const auto has = [](EdgeState state) {
    return [state](const UpstreamFacts& facts) { return facts.state == state || facts.state == EdgeState::mixed; };
  };
  switch (rule) {
    case TriggerRule::all_completed:
      return std::all_of(upstreams.begin(), upstreams.end(), is(EdgeState::completed));
    case TriggerRule::all_finished:
      return true;
    case TriggerRule::any_completed:
      return std::any_of(upstreams.begin(), upstreams.end(), has(EdgeState::completed));
    case TriggerRule::any_failed:
      return std::any_of(upstreams.begin(), upstreams.end(), has(EdgeState::failed));
  }
  return false;
}

struct Ends {
  bool some_hold = false;
  bool all_hold = true;
};

/// How it comes out over every way in which the open ones may end.
Ends ends_of(TriggerRule rule, std::vector<UpstreamFacts> upstreams, std::size_t from = 0) {
  const auto open = std::find_if(upstreams.begin() + static_cast<std::ptrdiff_t>(from), upstreams.end(),
                                 [](const UpstreamFacts& facts) { return facts.state == EdgeState::open; });
  if (open == upstreams.end()) {
    const bool holds = holds_at_rest(rule, upstreams);
    return {holds, holds};
  }
  Ends out;
  const auto next = static_cast<std::size_t>(open - upstreams.begin()) + 1;
  for (const EdgeState end : {EdgeState::completed, EdgeState::failed, EdgeState::mixed}) {
    open->state = end;
    const Ends one = ends_of(rule, upstreams, next);
    out.some_hold |= one.some_hold;
    out.all_hold &= one.all_hold;
  }
  return out;
}

}  // namespace

TEST_CASE("a run without dependencies goes, whatever the rule") {
  for (const auto rule :
       {TriggerRule::all_completed, TriggerRule::all_finished, TriggerRule::any_completed, TriggerRule::any_failed}) {
    CHECK(judge(rule, OnDependencyFailure::cancel, {}) == Verdict::go);
  }
}

TEST_CASE("the rule of most tasks waits for what is open and for what failed") {
  const auto rule = TriggerRule::all_completed;
  CHECK(judge(rule, OnDependencyFailure::wait, facts("ccc")) == Verdict::go);
  CHECK(judge(rule, OnDependencyFailure::wait, facts("cfo")) == Verdict::wait);
  CHECK(judge(rule, OnDependencyFailure::cancel, facts("cfo")) == Verdict::dependency_failed);
  CHECK(judge(rule, OnDependencyFailure::run, facts("cfo")) == Verdict::go);
  CHECK(waiting_on(rule, facts("cfo")) == std::vector<TaskKey>{2, 3});
  CHECK(waiting_on(rule, facts("cc")).empty());
}

TEST_CASE("the other rules name what they wait for") {
  CHECK(waiting_on(TriggerRule::all_finished, facts("cfo")) == std::vector<TaskKey>{3});
  CHECK(waiting_on(TriggerRule::any_completed, facts("fo")) == std::vector<TaskKey>{1, 2});
  CHECK(waiting_on(TriggerRule::any_completed, facts("co")).empty());
  CHECK(waiting_on(TriggerRule::any_failed, facts("co")) == std::vector<TaskKey>{2});
}

TEST_CASE("an upstream that did not complete, but items of which did, counts as either") {
  const auto under = [](TriggerRule rule) { return judge(rule, OnDependencyFailure::cancel, facts("m")); };
  CHECK(under(TriggerRule::all_completed) == Verdict::dependency_failed);
  CHECK(under(TriggerRule::all_finished) == Verdict::go);
  CHECK(under(TriggerRule::any_completed) == Verdict::go);
  CHECK(under(TriggerRule::any_failed) == Verdict::go);
  CHECK(waiting_on(TriggerRule::all_completed, facts("m")) == std::vector<TaskKey>{1});
  RunRow run;
  run.state = RunState::failed;
  CHECK(ended_edge(run) == EdgeState::failed);
  run.items = 2;
  run.items_failed = 2;
  CHECK(ended_edge(run) == EdgeState::failed);
  run.items_completed = 1;
  CHECK(ended_edge(run) == EdgeState::mixed);
  run.items_failed = 0;
  CHECK(ended_edge(run) == EdgeState::mixed);  // its result was too large
  run.state = RunState::cancelled;
  CHECK(ended_edge(run) == EdgeState::mixed);  // too late for its items
  run.state = RunState::completed;
  CHECK(ended_edge(run) == EdgeState::completed);
}

TEST_CASE("for every combination of up to four upstreams each rule decides as soon as it can, and no sooner") {
  const auto rule = GENERATE(TriggerRule::all_completed, TriggerRule::all_finished, TriggerRule::any_completed,
                             TriggerRule::any_failed);
  for (std::size_t count = 1; count <= 4; ++count) {
    for (const auto& upstreams : combinations(count)) {
      const Ends ends = ends_of(rule, upstreams);
      const bool any_open = std::any_of(upstreams.begin(), upstreams.end(),
                                        [](const UpstreamFacts& each) { return each.state == EdgeState::open; });
      // "All" rules are about what has ended, so nothing goes while one is open.
      const bool waits_for_all = rule == TriggerRule::all_completed || rule == TriggerRule::all_finished;
      const bool goes = ends.all_hold && !(waits_for_all && any_open);
      for (const auto policy : kPolicies) {
        const Verdict verdict = judge(rule, policy, upstreams);
        if (goes) {
          REQUIRE(verdict == Verdict::go);
          REQUIRE(waiting_on(rule, upstreams).empty());
        } else if (ends.some_hold) {
          REQUIRE(verdict == Verdict::wait);
          REQUIRE_FALSE(waiting_on(rule, upstreams).empty());
        } else if (rule == TriggerRule::any_failed) {
          REQUIRE(verdict == Verdict::not_needed);
        } else {
          REQUIRE(verdict == (policy == OnDependencyFailure::wait     ? Verdict::wait
                              : policy == OnDependencyFailure::cancel ? Verdict::dependency_failed
                                                                      : Verdict::go));
          REQUIRE_FALSE(waiting_on(rule, upstreams).empty());
        }
      }
    }
  }
}
