// What the tasks of one creator may take up: what is refused, what never is, and that the count is that of the store.
#include <random>

#include "faults/starved_store.hpp"
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

Options with(Quota quota) {
  Options options;
  options.quota = quota;
  return options;
}

CreateOptions by(std::string creator) { return {.created_by = std::move(creator)}; }

CreateOptions by_exempt(std::string creator) {
  CreateOptions options = by(std::move(creator));
  options.by = std::make_shared<Provenance>();
  options.by->exempt_from_quota = true;
  return options;
}

TaskSpec park(std::string id) { return {.id = id, .name = id, .config = call("park"), .overlap = Overlap::allow}; }

template <class T>
std::string refusal(const Result<T>& result) {
  if (result) return "none";
  CHECK(result.error().code == Errc::over_quota);
  return result.error().detail;
}

/// The number after "has " in the refusal of a call that cannot be granted.
template <class T>
std::int64_t told(const Result<T>& result) {
  const std::string detail = refusal(result);
  return std::stoll(detail.substr(detail.find("' has ") + 6));
}

/// What the engine believes that "ann" has, as its refusals tell.
Usage believed(World& world) {
  Usage out;
  out.tasks =
      told(world->create_all(std::vector<TaskSpec>(21, TaskSpec{.name = "a", .config = call("park")}), by("ann")));
  out.runs = told(world->submit(std::vector<ExecuteRequest>(201, ExecuteRequest{"base"})));
  out.bytes = told(world->create({.name = "b", .description = std::string(10000, 'x')}, by("ann")));
  return out;
}

void check_equal(const Usage& a, const Usage& b) {
  CHECK(a.tasks == b.tasks);
  CHECK(a.runs == b.runs);
  CHECK(a.bytes == b.bytes);
}

}  // namespace

TEST_CASE("a user gets no more tasks than the quota says, others do") {
  World world(either_kind(), with({.tasks = 2}));
  world->create(park("a"), by("ann")).value();
  world->create(park("b"), by("ann")).value();
  CHECK(refusal(world->create(park("c"), by("ann"))) ==
        "exceeded quota of tasks: 'ann' has 2 of 2, and this would add 1");
  CHECK(refusal(world->ensure(park("c"), by("ann"))) != "none");
  CHECK(world->get("c").error().code == Errc::not_found);
  CHECK(world->create(park("c"), by("bob")).has_value());
  for (const char* id : {"d", "e", "f"}) CHECK(world->create(park(id)).has_value());  // nobody's

  CHECK(world->ensure(park("a"), by("ann")).has_value());  // there already
  CHECK(world->create(park("b"), {.created_by = "ann", .on_conflict = OnConflict::keep}).has_value());
  world->remove("a").value();
  CHECK(world->create(park("g"), by("ann")).has_value());
  if (GENERATE(false, true)) world.reboot();
  CHECK(refusal(world->create(park("h"), by("ann"))) != "none");
}

TEST_CASE("tasks that are made together count together, and none is made where they are too many") {
  World world(either_kind(), with({.tasks = 3}));
  world->create(park("a"), by("ann")).value();
  CHECK(refusal(world->create_all({park("b"), park("c"), park("d")}, by("ann"))) ==
        "exceeded quota of tasks: 'ann' has 1 of 3, and this would add 3");
  CHECK(world->usage("ann").value().tasks == 1);
  CHECK(world->create_all({park("b"), park("c")}, by("ann")).has_value());
}

TEST_CASE("calls that are made at the same time cannot take one place") {
  World world(either_kind(), with({.tasks = 3}));
  int made = 0;
  for (int i = 0; i < 8; ++i) {
    world->async_create(park("t" + std::to_string(i)), by("ann"),
                        [&](const Result<Task>& task) { made += task ? 1 : 0; });
  }
  world.settle();
  CHECK(made == 3);
  CHECK(world->usage("ann").value().tasks == 3);
}

TEST_CASE("the live runs of a user's tasks are counted, whoever asks for one more") {
  World world(either_kind(), with({.runs = 2}));
  world->create(park("a"), by("ann")).value();
  world->create(park("b"), by("ann")).value();
  world->create(park("c"), by("bob")).value();
  world->execute("a").value();
  world->execute("b").value();
  world.settle();
  const std::string full = "exceeded quota of live runs: 'ann' has 2 of 2, and this would add 1";
  CHECK(refusal(world->execute("a")) == full);
  CHECK(refusal(world->submit({{"c"}, {"a"}})) == full);
  CHECK(world.runs("c").empty());
  CHECK(world->execute("c").has_value());
  world.finish("a", Outcome::failure("broken", "", false));
  const std::string failed = world.last_run("a").id;
  world->execute("b").value();
  CHECK(refusal(world->retry_run(failed)) == full);
  CHECK(refusal(world->retry_runs({.ids = Names{failed}})) == full);
  CHECK(refusal(world->redrive({.filter = RunQuery{}})) == full);
  world->cancel("b").value();
  for (int i = 0; i < 2; ++i) world.finish("b");
  CHECK(world->redrive({.filter = RunQuery{}}).value().made.size() == 1);
}

TEST_CASE("a backfill and a workflow need room for all their runs") {
  World world(Kind::memory, with({.runs = 2}));
  world.advance(24h);
  world
      ->create({.id = "grid", .name = "g", .config = call("park"), .schedule = "every 1 hour", .paused = true},
               by("ann"))
      .value();
  world.advance(10h);
  const BackfillRequest three{.from = world.now() - 3h, .to = world.now()};
  CHECK(refusal(world->backfill("grid", three)) != "none");
  CHECK(world.runs("grid").empty());
  TaskSpec down = park("down");
  down.dependencies = {"middle"};
  TaskSpec middle = park("middle");
  middle.dependencies = {"up"};
  world->create(park("up"), by("bob")).value();
  world->create(middle, by("ann")).value();
  world->create(down, by("ann")).value();
  world->execute("grid").value();
  world.settle();
  CHECK(refusal(world->execute_workflow("down")) ==
        "exceeded quota of live runs: 'ann' has 1 of 2, and this would add 2");
  CHECK(world.runs("up").empty());
  world.finish("grid");
  const auto whole = world->execute_workflow("down");
  REQUIRE(whole.has_value());
  world.settle();
  world.finish("up", Outcome::failure("broken", "", false));
  world->cancel_workflow(whole->id).value();
  world.settle();
  world->execute("grid").value();
  world.settle();
  CHECK(refusal(world->retry_workflow(whole->id)) ==
        "exceeded quota of live runs: 'ann' has 1 of 2, and this would add 2");
  world.finish("grid");
  CHECK(world->retry_workflow(whole->id).has_value());
}

TEST_CASE("what is due runs, however many there are") {
  World world(either_kind(), with({.runs = 1}));
  TaskSpec often = park("often");
  often.schedule = "every 1 minute";
  world->create(often, by("ann")).value();
  TaskSpec after = park("after");
  after.schedule = "after dependencies";
  after.dependencies = {"often"};
  world->create(after, by("ann")).value();
  world.advance(3min);
  CHECK(world->usage("ann").value().runs == 3);
  CHECK(refusal(world->execute("often")) == "exceeded quota of live runs: 'ann' has 3 of 1, and this would add 1");
  world.finish("often");
  CHECK(world.runs("after").size() == 1);
}

TEST_CASE("the bytes of tasks and of live runs' parameters are counted") {
  World world(either_kind(), with({.bytes = 4800}));
  world->create(park("a"), by("ann")).value();
  const Usage small = world->usage("ann").value();
  CHECK(small.bytes > 100);
  CHECK(refusal(world->create({.id = "b", .name = "b", .description = std::string(6000, 'd')}, by("ann"))) != "none");
  const auto describe = [&](std::size_t size) {
    return world->update("a", [size](const Task&, TaskSpec& spec) -> Result<void> {
      spec.description = std::string(size, 'd');
      return {};
    });
  };
  CHECK(refusal(describe(5000)) != "none");
  CHECK(world.task("a").version == 1);
  CHECK(describe(2000).has_value());
  const boost::json::value params{{"text", std::string(1500, 'p')}};
  const auto run = world->execute("a", params).value();
  const std::string full = refusal(world->execute("a", params));
  CHECK(full.starts_with("exceeded quota of bytes: 'ann' has "));
  CHECK(world->execute("a").has_value());
  world.settle();
  world.finish("a");
  world.finish("a");
  CHECK(world->execute("a", params).has_value());
  CHECK(describe(100).has_value());
}

TEST_CASE("whoever has too much may pause, resume, shrink and delete") {
  auto disk = std::make_shared<Disk>(either_kind());
  const auto clock = std::make_shared<testing::VirtualClock>();
  {
    World free(disk, clock, 1);
    for (const char* id : {"a", "b"}) {
      TaskSpec spec = park(id);
      spec.description = "long enough";
      free->create(spec, by("ann")).value();
    }
  }
  World world(disk, clock, 2, with({.tasks = 1, .runs = 1, .bytes = 10}));
  CHECK(refusal(world->create(park("c"), by("ann"))) != "none");
  CHECK(refusal(world->execute("a", {{"x", 1}})) != "none");
  CHECK(world->execute("a").has_value());
  CHECK(world->pause("a").has_value());
  CHECK(world->resume("a").has_value());
  CHECK(world->cancel("a").has_value());
  CHECK(world
            ->update("a",
                     [](const Task&, TaskSpec& spec) -> Result<void> {
                       spec.description.clear();
                       return {};
                     })
            .has_value());
  CHECK(world->remove("a").has_value());
}

TEST_CASE("who is exempt gets more, and it counts") {
  World world(either_kind(), with({.tasks = 1, .runs = 1}));
  for (const char* id : {"a", "b", "c"}) CHECK(world->create(park(id), by_exempt("ann")).has_value());
  const auto exempt = [] {
    CallOptions options;
    options.by = std::make_shared<Provenance>();
    options.by->exempt_from_quota = true;
    return options;
  };
  CHECK(world->execute("a").has_value());
  CHECK(world->execute("a", {}, exempt()).has_value());
  check_equal(world->usage("ann").value(), {3, 2, world->usage("ann").value().bytes});
  CHECK(refusal(world->create(park("d"), by("ann"))) ==
        "exceeded quota of tasks: 'ann' has 3 of 1, and this would add 1");
}

TEST_CASE("what notifications make is not refused") {
  World world(either_kind(), with({.tasks = 2, .runs = 1}));
  world->create(park("told"), by("ann")).value();
  TaskSpec failing{.id = "failing", .name = "f", .config = call("park"), .max_retries = 0};
  failing.notify = {{.on = NotifyOn::failure, .task = "told"}, {.on = NotifyOn::failure, .call = call("note")}};
  world->create(failing, by("ann")).value();
  world->execute("failing").value();
  world.settle();
  world.finish("failing", Outcome::failure("broken", "", false));
  world.settle();
  CHECK(world.runs("told").size() == 1);
  CHECK(world->list().value().items.size() == 3);
  CHECK(world.lines_with("failing", "nobody could be told") == 0);
}

TEST_CASE("items of a run are no runs of their own") {
  World world(either_kind(), with({.runs = 1}));
  TaskSpec each = park("each");
  each.for_each = boost::json::array{1, 2, 3};
  world->create(each, by("ann")).value();
  world->execute("each").value();
  world.settle();
  CHECK(world.parked.size() == 3);
  CHECK(world->usage("ann").value().runs == 1);
  for (int i = 0; i < 3; ++i) world.finish("each");
  check_equal(world->usage("ann").value(), {1, 0, world->usage("ann").value().bytes});
  CHECK(world->execute("each").has_value());
}

TEST_CASE("the count stays that of the store, whatever happens", "[slow]") {
  const Kind kind = either_kind();
  faults::Hunger hunger;
  auto disk = std::make_shared<Disk>(kind);
  disk->wrap = [&](std::unique_ptr<Store> inner) {
    return std::make_unique<faults::StarvedStore>(std::move(inner), hunger);
  };
  World world(disk, std::make_shared<testing::VirtualClock>(), 1, with({.tasks = 20, .runs = 200, .bytes = 10000}));
  world->create(park("base"), by("ann")).value();
  std::mt19937 random(7);
  const auto upto = [&](std::size_t limit) { return random() % limit; };
  const auto some = [&] { return "t" + std::to_string(upto(6)); };
  for (int step = 0; step < 400; ++step) {
    INFO("step " << step);
    if (upto(25) == 0) hunger = {.left = 1 + upto(12), .after = upto(2) == 0};  // the batch is rolled back
    switch (upto(12)) {
      case 0:
      case 1: {
        TaskSpec spec = park(some());
        spec.description = std::string(upto(50), 'd');
        if (upto(3) == 0) spec.for_each = boost::json::array{1, 2};
        if (upto(3) == 0) spec.schedule = "every 1 minute";
        if (upto(3) == 0) spec.dependencies = {"base"};
        if (upto(4) == 0) spec.overlap = upto(2) == 0 ? Overlap::queue : Overlap::cancel_previous;
        static_cast<void>(world->create(spec, {.created_by = "ann", .on_conflict = OnConflict::update}));
        break;
      }
      case 2:
        static_cast<void>(world->remove(some(), {.force = true}));
        break;
      case 3:
        static_cast<void>(world->pause(some()));
        break;
      case 4:
        static_cast<void>(world->cancel(some()));
        break;
      case 5:
        static_cast<void>(world->execute_workflow(some(), {{"p", std::string(upto(30), 'p')}}));
        break;
      case 6:
      case 7:
      case 8:
        static_cast<void>(world->execute(upto(3) == 0 ? "base" : some(), {{"p", std::string(upto(30), 'p')}}));
        break;
      case 9:
        world.advance(1min);
        break;
      default:
        if (world.parked.empty()) break;
        world.finish(world.parked.front().context->task_id(),
                     upto(2) == 0 ? Outcome::success() : Outcome::failure("broken", "", upto(2) == 0));
    }
    hunger = {};
    if (step % 5 != 0) continue;
    for (int i = 0; i < 10 && !world->ready(); ++i) world.advance(1s);
    world.settle();
    check_equal(believed(world), world->usage("ann").value());
  }
}

}  // namespace taskcore::engine_test
