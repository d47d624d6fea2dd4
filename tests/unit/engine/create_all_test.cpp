// Tasks that are made together: all or none, in whichever order they are given.
#include "faults/starved_store.hpp"
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

using Specs = std::vector<TaskSpec>;

TaskSpec note(std::string id, Names dependencies = {}) {
  return {.id = id, .name = id, .config = call("note"), .dependencies = std::move(dependencies)};
}

/// "pointer: detail" of each field.
Names faults(const Result<std::vector<Task>>& made) {
  Names out;
  if (made) return out;
  for (const FieldError& field : made.error().fields) out.push_back(field.pointer + ": " + field.detail);
  return out;
}

Names ids(const std::vector<Task>& tasks) {
  Names out;
  for (const Task& task : tasks) out.push_back(task.id);
  return out;
}

}  // namespace

TEST_CASE("tasks made together are given back in their order, though written upstreams first") {
  World world(either_kind());
  Names told;
  const auto token = world->on_event([&](const Event& event) { told.push_back(event.task_id); });
  const auto made =
      world->create_all({note("c", {"b", "a"}), note("b", {"a"}), note("a"), {.name = "d"}}, {.created_by = "ann"})
          .value();
  world.settle();
  REQUIRE(made.size() == 4);
  CHECK(ids(made) == Names{"c", "b", "a", made[3].id});
  CHECK(told == Names{"a", "b", "c", made[3].id});
  for (const Task& task : made) {
    CHECK(task.created_by == "ann");
    CHECK(task.version == 1);
    CHECK(world.task(task.id).dependencies == task.dependencies);
  }
  CHECK(made[0].dependencies == Names{"b", "a"});
  CHECK(made[3].id.size() == 36);
  CHECK(world->list().value().items.size() == 4);
}

TEST_CASE("what was made together waits for each other, also after a restart") {
  World world(either_kind());
  world->create_all({note("down", {"middle"}), note("middle", {"up"}), note("up")}).value();
  if (GENERATE(false, true)) world.reboot();
  const std::string down = world->execute("down").value().id;
  CHECK(world.run(down).waiting_on == Names{"middle"});
  world->execute("middle").value();
  CHECK(world.times("middle").empty());
  world->execute("up").value();
  world.settle();
  CHECK(world.order() == Names{"up", "middle", "down"});
  CHECK(world.run(down).status == Status::completed);
  const Error error = world->remove("up").error();
  CHECK(error.code == Errc::has_dependents);
  CHECK(error.detail.find("'middle'") != std::string::npos);
}

TEST_CASE("tasks that are due at once run in the order of their dependencies") {
  World world(either_kind());
  Specs specs{note("c", {"b"}), note("b", {"a"}), note("a")};
  for (TaskSpec& spec : specs) spec.schedule = "now";
  world->create_all(specs).value();
  world.settle();
  CHECK(world.order() == Names{"a", "b", "c"});
}

TEST_CASE("tasks made together may depend on tasks that are there, and these know them from then on") {
  World world(either_kind());
  world->create(note("up")).value();
  world->create(note("first", {"up"})).value();
  CHECK(world->remove("up").error().code == Errc::has_dependents);  // from now on it is known who depends on it
  world->execute("first").value();
  world->create_all({note("b", {"a", "up"}), note("a", {"up"})}).value();
  world->execute("a").value();
  world->execute("b").value();
  CHECK(world->remove("up").error().detail.find("'first', 'a', 'b'") != std::string::npos);
  world->execute("up").value();
  world.settle();
  CHECK(world.order() == Names{"up", "first", "a", "b"});
}

TEST_CASE("tasks made together may notify each other") {
  World world(either_kind());
  TaskSpec job{.id = "job", .name = "job", .config = call("fail"), .max_retries = 0};
  job.notify = {{.on = NotifyOn::failure, .task = "bell"}};
  world->create_all({job, note("bell")}).value();
  world->execute("job").value();
  world.settle();
  CHECK(world.order() == Names{"job", "bell"});
  job.id = "other";
  job.notify[0].task = "nobody";
  CHECK(faults(world->create_all({note("x"), job})) == Names{"/1/notify/onFailure/task: there is no task 'nobody'"});
}

TEST_CASE("of tasks made together everything is told that is wrong with what was given") {
  World world(either_kind());
  const auto made = world->create_all({{.id = "a b", .name = "", .config = call("note")},
                                       note("fine"),
                                       {.id = "t", .name = "t", .config = {.type = "teapot"}},
                                       note("fine"),
                                       {.id = "s", .name = "s", .schedule = "whenever"}});
  CHECK(made.error().code == Errc::invalid);
  Names where;
  for (const FieldError& field : made.error().fields) where.push_back(field.pointer);
  CHECK(where == Names{"/0/id", "/0/name", "/2/type", "/3/id", "/4/schedule"});
  CHECK(made.error().detail.starts_with("/0/id: "));
  CHECK(world->list().value().items.empty());
}

TEST_CASE("one task that is refused keeps all from being made") {
  World world(either_kind());
  world->create(note("taken")).value();
  TaskSpec over = note("over");
  over.schedule = "every 1 hour";
  over.end_at = world.now() + 1min;
  TaskSpec bound = note("bound");
  bound.schedule = "every 1 hour";
  bound.calendar = "nowhere";
  const auto refuse = [&](const TaskSpec& last, Errc code, const std::string& where) {
    Specs specs{note("b", {"a"}), note("a")};
    specs.push_back(last);
    const auto made = world->create_all(specs);
    REQUIRE(!made);
    CHECK(made.error().code == code);
    REQUIRE(made.error().fields.size() == 1);
    CHECK(made.error().fields[0].pointer == where);
  };
  refuse(note("taken"), Errc::conflict, "/2");
  refuse(note("c", {"a", "nobody"}), Errc::invalid, "/2/dependencies/1");
  refuse(over, Errc::invalid, "/2/schedule");
  refuse(bound, Errc::invalid, "/2/calendar");
  CHECK(world->list().value().items.size() == 1);
  world->create_all({note("b", {"a"}), note("a")}).value();  // nothing was left of those that were fine
}

TEST_CASE("a circle of tasks made together is refused and spelled out") {
  World world(either_kind());
  const auto made = world->create_all({note("x"), note("a", {"c"}), note("b", {"x", "a"}), note("c", {"b"})});
  CHECK(made.error().code == Errc::cycle);
  CHECK(faults(made) == Names{"/1/dependencies: the dependencies would form a cycle: a -> c -> b -> a"});
  CHECK(world->create_all({note("a", {"a"})}).error().detail.find("a -> a") != std::string::npos);
  CHECK(world->list().value().items.empty());
}

TEST_CASE("guards are asked of tasks that are there, and once each") {
  World world(either_kind());
  world->create_all({note("seen"), note("hidden")}).value();
  Names asked;
  CreateOptions options;
  options.may_depend_on = options.may_notify = [&](const Task& task) -> Result<void> {
    asked.push_back(task.id);
    if (task.id == "hidden") return fail(Errc::not_found, "not yours");
    return {};
  };
  TaskSpec job = note("b", {"a", "seen"});
  job.notify = {{.on = NotifyOn::failure, .task = "a"}};
  world->create_all({job, note("a", {"seen"})}, options).value();
  CHECK(asked == Names{"seen"});
  CHECK(faults(world->create_all({note("c"), note("d", {"hidden"})}, options)) ==
        Names{"/1/dependencies/0: there is no task 'hidden'"});
  job.id = "e";
  job.notify[0].task = "hidden";
  CHECK(world->create_all({job}, options).error().code == Errc::invalid);

  asked.clear();
  TaskSpec rings = note("f");
  rings.notify = {{.on = NotifyOn::failure, .task = "seen"}, {.on = NotifyOn::recovery, .task = "seen"}};
  TaskSpec rings_too = rings;
  rings_too.id = rings_too.name = "g";
  world->create_all({rings, rings_too}, options).value();
  CHECK(asked == Names{"seen", "seen"});  // of the first member alone
}

TEST_CASE("there are 1 to 10,000 tasks to be made together") {
  World world(either_kind());
  CHECK(world->create_all({}).error().code == Errc::invalid);
  Specs specs(10'001);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::string id = "t" + std::to_string(i);
    specs[i] = i == 0 ? note(id) : note(id, {"t" + std::to_string(i - 1)});
  }
  std::reverse(specs.begin(), specs.end());
  CHECK(world->create_all(specs).error().code == Errc::invalid);
  specs.erase(specs.begin());
  const auto made = world->create_all(specs).value();
  CHECK(made.size() == 10'000);
  CHECK(made.front().id == "t9999");
  CHECK(world.task("t9999").dependencies == Names{"t9998"});
  CHECK(world->stats().value().total == 10'000);
}

TEST_CASE("a store that fails in the middle keeps none of the tasks, and all can be made afterwards") {
  faults::Hunger hunger;
  const bool after = GENERATE(false, true);
  const auto disk = std::make_shared<Disk>(either_kind());
  disk->wrap = [&](std::unique_ptr<Store> store) {
    return std::make_unique<faults::StarvedStore>(std::move(store), hunger);
  };
  World world(disk, std::make_shared<testing::VirtualClock>(), 1);
  world->create(note("up")).value();
  Specs specs{note("c", {"b"}), note("b", {"a", "up"}), note("a")};
  for (TaskSpec& spec : specs) spec.schedule = "now";
  const auto stored = [&] { return world->list().value().items.size(); };
  std::uint64_t nth = 1;
  for (;; ++nth) {
    INFO("call " << nth << (after ? ", after it" : ", before it"));
    hunger = {nth, after, false};
    const auto made = world->create_all(specs);
    hunger.left = 0;
    if (made) break;
    CHECK(made.error().code == Errc::unavailable);
    if (stored() > 1) break;  // the last call is the commit, which had been made
    CHECK(stored() == 1);
    world.settle();
  }
  CHECK(nth > 10);
  CHECK(stored() == 4);
  world->execute("up").value();
  world.settle();
  world.advance(1min);
  CHECK(world.task("c").status == Status::completed);
  CHECK(world.runs("c").size() == 1);
}

TEST_CASE("the asynchronous form gives the same answer") {
  World world(either_kind());
  std::optional<Result<std::vector<Task>>> made;
  const auto keep = [&made](Result<std::vector<Task>> result) { made = std::move(result); };
  world->async_create_all({note("b", {"a"}), note("a")}, {}, keep);
  world.settle();
  REQUIRE(made);
  CHECK(ids(made->value()) == Names{"b", "a"});
  made.reset();
  world->async_create_all({note("a")}, {}, keep);
  world.settle();
  REQUIRE(made);
  CHECK(made->error().code == Errc::conflict);
}

}  // namespace taskcore::engine_test
