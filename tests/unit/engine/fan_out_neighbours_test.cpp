// What else the engine does, beside runs that are made into items: queues, overlap, crashes, retention, edits, notices.
#include "unit/engine/fan_out_world.hpp"

namespace taskcore::engine_test {
namespace {

/// Runs are kept for an hour.
Options forgetful() {
  Options options;
  options.retention.runs = 1h;
  return options;
}

}  // namespace

TEST_CASE("a run with items takes no place in its queue and of its key; they do") {
  World world(either_kind());
  const bool has_key = GENERATE(false, true);
  make_each(world, {.name = "", .overlap = Overlap::allow, .concurrency_key = has_key ? "k" : ""});
  world->put_queue({.name = "default", .limit = has_key ? 100 : 1}).value();
  const std::string first = run_each(world, 2);
  const std::string second = run_each(world, 2);
  for (int i = 0; i < 4; ++i) {
    CHECK(world.parked.size() == 1);
    world.finish("each");
  }
  CHECK(world.run(first).status == Status::completed);
  CHECK(world.run(second).status == Status::completed);
}

TEST_CASE("a rate counts items alone") {
  World world(either_kind());
  make_each(world);
  world->put_queue({.name = "default", .rate = Rate{.limit = 2, .period = 1min}}).value();
  const std::string id = run_each(world, 3);
  CHECK(world.parked.size() == 2);
  world.advance(66s);  // what was started is remembered by the tenth of a period
  CHECK(world.parked.size() == 3);
  for (int i = 0; i < 3; ++i) world.finish("each");
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("a paused queue leaves a run whole") {
  World world(either_kind());
  make_each(world);
  world->put_queue({.name = "default", .paused = true}).value();
  const std::string id = run_each(world, 2);
  CHECK_FALSE(world.run(id).items.has_value());
  world->put_queue({.name = "default"}).value();
  world.settle();
  CHECK(world.run(id).items == RunItems{.total = 2});
  CHECK(world.parked.size() == 2);
}

TEST_CASE("for overlap a run counts as one until its last item has ended") {
  World world(either_kind());
  const auto overlap = GENERATE(Overlap::skip, Overlap::queue, Overlap::cancel_previous);
  make_each(world, {.name = "", .schedule = "every 1 minute", .for_each = json::array{"a", "b"}, .overlap = overlap});
  world.advance(1min);
  REQUIRE(world.parked.size() == 2);
  const std::string first = world.last_run("each").id;
  world.advance(1min);
  if (overlap == Overlap::skip) {
    CHECK(world.runs("each").size() == 1);
  } else {
    CHECK(world.runs("each").size() == 2);
    CHECK_FALSE(world.last_run("each").items.has_value());
  }
  world.finish("each");
  CHECK(world.parked.size() == 1);
  world.finish("each");
  CHECK(world.run(first).status == (overlap == Overlap::cancel_previous ? Status::cancelled : Status::completed));
  CHECK(world.parked.size() == (overlap == Overlap::skip ? 0 : 2));
}

TEST_CASE("a run by hand waits behind the items of another") {
  World world(either_kind());
  make_each(world);
  run_each(world, 2);
  const std::string second = run_each(world, 1);
  world.finish("each");
  CHECK_FALSE(world.run(second).items.has_value());
  world.finish("each");
  CHECK(world.run(second).items == RunItems{.total = 1});
  world.finish("each");
  CHECK(world.run(second).status == Status::completed);
}

TEST_CASE("a crash in the middle loses no item") {
  World world(either_kind());
  make_each(world);
  world->put_queue({.name = "default", .limit = 2}).value();
  const std::string id = run_each(world, 3);
  world.finish("each", Outcome::success(0));
  world.reboot();
  CHECK(world.run(id).items == RunItems{.total = 3, .completed = 1});
  world.advance(1min);  // what was lost is tried again
  world.finish("each", Outcome::success(1));
  world.finish("each", Outcome::success(1));
  CHECK(world.run(id).status == Status::completed);
  CHECK(world.run(id).result == json::value{0, 1, 1});
  CHECK(world.task("each").status == Status::completed);
}

TEST_CASE("retention spares the items of a live run") {
  World world(either_kind(), forgetful());
  make_each(world, {.name = "", .timeout = 24h});
  const std::string id = run_each(world, 3);
  world.finish("each");
  world.finish("each");
  world.advance(5h);
  CHECK(items_of(world, id).size() == 3);
  world.finish("each", Outcome::success(9));
  CHECK(world.run(id).result == json::value{nullptr, nullptr, 9});
  run_each(world, 1);
  world.finish("each");
  world.advance(5h);
  CHECK(world->get_run(id).error().code == Errc::not_found);
  CHECK(items_of(world, id).empty());
}

TEST_CASE("a user removes a settled run with its items, and none of a live one") {
  World world(either_kind());
  make_each(world);
  const std::string id = run_each(world, 2);
  world.finish("each");
  RunSelection items;
  items.ids = Names{};
  for (const Run& item : items_of(world, id)) items.ids->push_back(item.id);
  CHECK(world->remove_runs(items).value().ids.empty());
  world.finish("each");
  run_each(world, 1);
  world.finish("each");
  RunSelection whole;
  whole.ids = Names{id};
  CHECK(world->remove_runs(whole).value().ids == Names{id});
  CHECK(items_of(world, id).empty());
  CHECK(world->get_run(items.ids->front()).error().code == Errc::not_found);
}

TEST_CASE("edits leave a run whose items have begun alone") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  make_each(world, {.name = "",
                    .schedule = "every 1 minute",
                    .dependencies = {"up"},
                    .on_dependency_failure = OnDependencyFailure::cancel,
                    .for_each = json::array{"a", "b"}});
  world->execute("up").value();
  world.advance(1min);
  const std::string id = world.last_run("each").id;
  world->put_queue({.name = "default", .paused = true}).value();
  const int way = GENERATE(0, 1, 2);
  const auto edit = [&](auto change) {
    world
        ->update("each",
                 [&](const Task&, TaskSpec& spec) -> Result<void> {
                   change(spec);
                   return {};
                 })
        .value();
  };
  if (way == 0) edit([](TaskSpec& spec) { spec.schedule = "every 2 hours"; });
  if (way == 1) edit([](TaskSpec& spec) { spec.for_each = nullptr; });
  if (way == 2) world->remove("up", {.force = true}).value();
  world.settle();
  CHECK(world.run(id).items == RunItems{.total = 2});
  world.finish("each");
  world.finish("each");
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("a task that is deleted takes its items along") {
  World world(either_kind());
  make_each(world);
  world->put_queue({.name = "default", .limit = 1}).value();
  const std::string id = run_each(world, 3);
  world->remove("each").value();
  world.settle();
  CHECK(world.parked.size() == 1);
  world.finish("each");
  CHECK(world.run(id).status == Status::cancelled);
  CHECK(world.run(id).items == RunItems{.total = 3, .failed = 3});
  world.reboot_after(24h);
  world.advance(1min);
  CHECK(world->runs({}).value().items.empty());
}

TEST_CASE("many runs with many items are made in several transactions, and all of them run") {
  World world;
  world
      ->create({.id = "each",
                .name = "each",
                .config = call("note"),
                .for_each = json::array(600, json::value(1)),
                .overlap = Overlap::allow})
      .value();
  for (int i = 0; i < 5; ++i) world->execute("each").value();
  world.settle();
  CHECK(world.calls.size() == 3000);
  CHECK(count(world.runs("each"), Status::completed) == 5);
}

TEST_CASE("what is late is told of once") {
  World world(either_kind());
  world->create({.id = "bell", .name = "bell", .config = call("note"), .queue = "bells"}).value();
  make_each(world, {.name = "",
                    .schedule = "every 1 hour",
                    .for_each = json::array{"a", "b"},
                    .notify = {{.on = NotifyOn::late, .task = "bell", .after = 1min}}});
  world->put_queue({.name = "default", .paused = true}).value();
  world.advance(65min);
  world->put_queue({.name = "default"}).value();
  world.settle();
  CHECK(world.parked.size() == 2);
  CHECK(world.times("bell").size() == 1);
}

TEST_CASE("a list without items may be late, too") {
  World world(either_kind());
  world->create({.id = "bell", .name = "bell", .config = call("note"), .queue = "bells"}).value();
  make_each(world, {.name = "",
                    .schedule = "every 1 hour",
                    .for_each = json::array{},
                    .notify = {{.on = NotifyOn::late, .task = "bell", .after = 1min}}});
  world->put_queue({.name = "default", .paused = true}).value();
  world.advance(65min);
  world->put_queue({.name = "default"}).value();
  world.settle();
  CHECK(world.last_run("each").status == Status::completed);
  CHECK(world.times("bell").size() == 1);
}

TEST_CASE("items stand for the instant of their run") {
  World world(either_kind());
  make_each(world, {.name = "", .schedule = "every 1 hour", .for_each = json::array{"a", "b"}});
  world.advance(1h);
  REQUIRE(world.calls.size() == 2);
  for (const Call& call : world.calls) CHECK(call.scheduled_for == world.start() + 1h);
  world.finish("each");
  world.finish("each");
  world.reboot_after(3h);  // until 4:00: two were missed
  const Run late = world.last_run("each");
  CHECK(late.missed_count == 2);
  for (const Run& item : items_of(world, late.id)) {
    CHECK(item.scheduled_for == late.scheduled_for);
    CHECK(item.missed_count == 2);
  }
  CHECK(world.task("each").next_run_at == world.start() + 5h);
}

TEST_CASE("a run that is made into items takes no signal") {
  World world(either_kind());
  make_each(world, {.name = "", .for_each = json::array{"a"}});
  world->put_queue({.name = "default", .paused = true}).value();
  const std::string id = world->execute("each").value().id;
  CHECK(world->signal(id).error().code == Errc::conflict);
  world->put_queue({.name = "default"}).value();
  world.settle();
  CHECK(world->signal(id).error().code == Errc::conflict);
  CHECK(world->signal(items_of(world, id).at(0).id).has_value());
}

}  // namespace taskcore::engine_test
