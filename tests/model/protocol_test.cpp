// The protocol of leases, fences and settling, explored to the end: with all guards in place nothing goes wrong, and
// each guard that is left out is missed.
#include "model/protocol.hpp"

#include <cstdlib>
#include <iostream>
#include <vector>

#include "support/catch.hpp"

using namespace taskcore::model;

namespace {

constexpr Faults kOneCrash{1, 0, 0, 0};
constexpr Faults kOneStill{0, 1, 0, 0};
constexpr Faults kOneUnknown{0, 0, 1, 0};
constexpr Faults kOneStop{0, 0, 0, 1};

constexpr Faults operator+(const Faults& a, const Faults& b) {
  const auto sum = [](Byte x, Byte y) { return static_cast<Byte>(x + y); };
  return {sum(a.crashes, b.crashes), sum(a.stills, b.stills), sum(a.unknowns, b.unknowns), sum(a.stops, b.stops)};
}

const std::vector<Faults> kOneOfEach{kOneCrash, kOneStill, kOneUnknown, kOneStop};

std::vector<Faults> pairs() {
  std::vector<Faults> out;
  for (std::size_t i = 0; i < kOneOfEach.size(); ++i) {
    for (std::size_t k = i; k < kOneOfEach.size(); ++k) out.push_back(kOneOfEach[i] + kOneOfEach[k]);
  }
  return out;
}

/// Of the environment.
int number_of(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : otherwise;
}

/// What a configuration comes to, over all the faults that it is explored with.
struct Sum {
  std::size_t states = 0;
  std::size_t transitions = 0;
};

/// Explores `setup` with each of the faults, and prints how much there was to see.
Sum check_sound(const char* name, Setup setup, const std::vector<Faults>& faults) {
  Sum sum;
  for (const Faults& each : faults) {
    setup.faults = each;
    const Found found = explore(Protocol(setup));
    sum.states += found.states;
    sum.transitions += found.transitions;
    CHECK(found.complete);
    if (!found.complete) FAIL_CHECK(name << ": " << found.text());
  }
  std::cout << name << ": " << sum.states << " states, " << sum.transitions << " transitions\n";
  return sum;
}

/// Leaves one guard out: the shortest way to what goes wrong then is printed.
void check_missed(Break broken, Setup setup, const std::string& violation) {
  setup.broken = broken;
  const Found found = explore(Protocol(setup));
  std::cout << found.text();
  INFO(found.text());
  CHECK(found.violation == violation);
  CHECK_FALSE(found.trace.empty());
}

const char* const kTold = "the end of a run was told, and the store has another";
const char* const kChanged = "a settled run has changed";
const char* const kSameFence = "two attempts hold the same fence";
const char* const kOwnLost = "a node declared lost what it runs itself";
const char* const kDeadEnd = "from here nothing leads to the end of all runs";
const char* const kRepeated = "a run was claimed again after its cancellation was promised";
const char* const kSlots = "a node counts other slots in use than it holds attempts";

}  // namespace

TEST_CASE("two nodes keep every promise to a run whatever two faults befall them") {
  CHECK(check_sound("two nodes, two faults", {}, pairs()).states > 100000);
}

TEST_CASE("work that is not to be repeated after a loss is not, whatever two faults befall its nodes") {
  check_sound("at most once, two faults", {.at_most_once = true}, pairs());
}

TEST_CASE("a cancellation ends work that does not end by itself, whichever node was asked") {
  check_sound("patient work, one fault", {.patient = true}, kOneOfEach);
}

TEST_CASE("two runs share the one slot of each of two nodes") {
  check_sound("two runs, one fault", {.runs = 2, .slots = 1, .max_retries = 0}, kOneOfEach);
}

TEST_CASE("three nodes keep every promise to a run whatever fault befalls them") {
  check_sound("three nodes, one fault", {.nodes = 3}, kOneOfEach);
}

TEST_CASE("a node that has its store for itself keeps every promise through two crashes and two unknown commits") {
  const Faults faults = kOneCrash + kOneCrash + kOneUnknown + kOneUnknown + kOneStop;
  check_sound("exclusive store", {.nodes = 1, .exclusive = true}, {faults});
}

TEST_CASE("the conditions of the writes alone carry transactions that overlap, as long as nobody cancels") {
  check_sound("overlapping transactions, one fault", {.cancels = false, .overlap = true}, kOneOfEach);
}

TEST_CASE("transactions that overlap carry cancellations too when a write expects what was read of them") {
  const Setup setup{.max_retries = 0, .overlap = true, .strict = true};
  check_sound("overlapping transactions that expect the cancellation, one fault", setup, kOneOfEach);
}

TEST_CASE("without that a cancellation is lost between transactions that overlap") {
  check_missed(Break::none, {.overlap = true}, kTold);
}

TEST_CASE("each guard of a settle is missed when it is left out") {
  check_missed(Break::settle_ignores_fence, {.faults = kOneStill}, "the end of one attempt was written over another");
  check_missed(Break::settle_ignores_state, {.faults = kOneStill}, kChanged);
  check_missed(Break::end_told_before_durable, {.faults = kOneUnknown}, kTold);
}

TEST_CASE("each guard of a claim is missed when it is left out") {
  check_missed(Break::claim_ignores_state, {.overlap = true, .strict = true}, kChanged);
  check_missed(Break::claim_ignores_fence, {.faults = kOneUnknown, .cancels = false, .overlap = true}, kSameFence);
  check_missed(Break::losses_keep_the_fence, {.faults = kOneStill}, kSameFence);
  check_missed(Break::work_before_claim_is_durable, {.faults = kOneUnknown, .at_most_once = true}, kOwnLost);
}

TEST_CASE("each guard of taking over is missed when it is left out") {
  check_missed(Break::own_runs_declared_lost, {.faults = kOneStill}, kOwnLost);
  check_missed(Break::living_declared_lost, {}, "a run was declared lost while its node's lease was in force");
  check_missed(Break::nobody_takes_over, {.faults = kOneCrash}, kDeadEnd);
  check_missed(Break::only_listed_are_dead, {.faults = kOneStill + kOneCrash}, kDeadEnd);
  check_missed(Break::reconcile_skipped, {.faults = kOneUnknown}, kDeadEnd);
}

TEST_CASE("each guard of a cancellation is missed when it is left out") {
  check_missed(Break::cancel_signalled_not_written, {.faults = kOneCrash}, kRepeated);
  check_missed(Break::remote_cancel_not_passed_on, {.patient = true}, kDeadEnd);
  const Faults twice = kOneUnknown + kOneUnknown;
  check_missed(Break::reconcile_skipped, {.nodes = 1, .faults = twice, .exclusive = true}, kRepeated);
}

TEST_CASE("each guard of the count of slots is missed when it is left out") {
  const Faults twice = kOneUnknown + kOneUnknown;
  check_missed(Break::late_end_keeps_its_slot, {.faults = kOneUnknown}, kSlots);
  check_missed(Break::cancel_keeps_the_slot, {.faults = kOneUnknown}, kSlots);
  check_missed(Break::cancel_keeps_the_slot, {.nodes = 1, .faults = kOneUnknown, .exclusive = true}, kSlots);
  check_missed(Break::one_end_gives_two_slots, {}, kSlots);
  check_missed(Break::any_end_gives_the_slot, {.faults = kOneStill + kOneUnknown}, kSlots);
  check_missed(Break::any_end_gives_the_slot, {.nodes = 1, .faults = twice, .max_retries = 2, .exclusive = true},
               kSlots);
}

TEST_CASE("The faults of the environment", "[.][large]") {
  const auto of_each = static_cast<Byte>(number_of("TASKCORE_MODEL_FAULTS", 0));
  const Setup setup{.nodes = number_of("TASKCORE_MODEL_NODES", 2), .runs = number_of("TASKCORE_MODEL_RUNS", 1)};
  check_sound("as told", setup, {{of_each, of_each, of_each, of_each}});
}
