// When the dependencies of a waiting run are met.
#include "graph/gate.hpp"

#include "support/catch.hpp"

using namespace taskcore;

namespace {
const auto kAll = TriggerRule::all_completed;
}

TEST_CASE("a dependency is met by a completed run with none before it still live") {
  CHECK(edge_holds({.task = 1, .live_before = false, .completed = true}));
  CHECK_FALSE(edge_holds({.task = 1, .live_before = true, .completed = true}));
  CHECK_FALSE(edge_holds({.task = 1, .live_before = false, .completed = false}));
  CHECK_FALSE(edge_holds({.task = 1, .live_before = true, .completed = false}));
}

TEST_CASE("a run without dependencies may go") {
  CHECK(gate_open(kAll, {}));
  CHECK(waiting_on(kAll, {}).empty());
}

TEST_CASE("a run waits until each dependency is met, and says which are not") {
  std::vector<UpstreamFacts> facts{{3, false, true}, {1, true, true}, {2, false, false}};
  CHECK_FALSE(gate_open(kAll, facts));
  CHECK(waiting_on(kAll, facts) == std::vector<TaskKey>{1, 2});
  facts[1].live_before = false;
  CHECK(waiting_on(kAll, facts) == std::vector<TaskKey>{2});
  facts[2].completed = true;
  CHECK(gate_open(kAll, facts));
  CHECK(waiting_on(kAll, facts).empty());
}
