// Fan-out: runs that are made into one for each item, and how they end.
#include <boost/json/serialize.hpp>

#include "unit/engine/fan_out_world.hpp"

namespace taskcore::engine_test {

TEST_CASE("a run makes one for each item, and ends with the last of them") {
  World world(either_kind());
  make_each(world);
  const json::value params{{"of", {"a", "b", "c"}}, {"index", "kept from nobody"}};
  const std::string id = world->execute("each", params).value().id;
  world.settle();
  const Run begun = world.run(id);
  CHECK(begun.status == Status::pending);
  CHECK(begun.reason == "items");
  CHECK(begun.items == RunItems{.total = 3});
  CHECK(begun.waiting_on.empty());
  CHECK(begun.started_at.has_value());
  CHECK(world.task("each").status == Status::running);
  CHECK(world.task("each").waiting_on.empty());
  REQUIRE(world.parked.size() == 3);
  const auto items = items_of(world, id);
  REQUIRE(items.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(items[i].item_of == id);
    CHECK_FALSE(items[i].items.has_value());
    CHECK(items[i].params ==
          json::value{{"of", {"a", "b", "c"}}, {"index", i}, {"item", params.at("of").as_array()[i]}});
  }
  world.parked[2].done(Outcome::success("third"));
  world.settle();
  CHECK(world.run(id).items == RunItems{.total = 3, .completed = 1});
  CHECK(world.task("each").status == Status::running);
  world.finish("each", Outcome::success("first"));
  world.finish("each");
  const Run done = world.run(id);
  CHECK(done.status == Status::completed);
  CHECK(done.result == json::value{"first", nullptr, "third"});
  CHECK(done.reason.empty());
  CHECK(done.attempts.empty());
  CHECK(done.finished_at.has_value());
  CHECK(world.task("each").status == Status::completed);
  CHECK(world.task("each").last_run_id == id);
  CHECK(world.runs("each").size() == 1);
}

TEST_CASE("a list is written in the task, where its texts stay as they are") {
  World world(either_kind());
  world->create({.id = "t", .name = "t", .config = call("note"), .for_each = json::array{"${params.x}", {{"k", 2}}}})
      .value();
  world->execute("t", 5).value();  // params that are no object are not the items'
  world.settle();
  CHECK(world.last_run("t").result ==
        json::value{{{"item", "${params.x}"}, {"index", 0}}, {{"item", {{"k", 2}}}, {"index", 1}}});
}

TEST_CASE("a workflow has a fan-out in its middle") {
  World world(either_kind());
  world->create({.id = "list", .name = "list", .config = call("note", {{"files", json::array{"a", "b"}}})}).value();
  make_each(world, {.name = "", .dependencies = {"list"}, .for_each = "${dependencies.list.result.files}"});
  world
      ->create({.id = "down",
                .name = "down",
                .config = call("note", {{"all", "${dependencies.each.result}"}}),
                .dependencies = {"each"}})
      .value();
  const std::string own = world->execute_workflow("down").value().id;
  world.settle();
  REQUIRE(world.parked.size() == 2);
  CHECK(world.parked[1].context->params() == json::value{{"item", "b"}, {"index", 1}});
  CHECK(world->get_workflow(own).value().nodes.size() == 3);
  CHECK(world->get_workflow(own).value().status == Status::pending);
  CHECK(world.run(own).waiting_on == Names{"each"});
  CHECK(world->retry_workflow(own).error().code == Errc::conflict);
  world.finish("each", Outcome::success(1));
  CHECK(world.run(own).status == Status::pending);
  const bool fails = GENERATE(false, true);
  world.finish("each", fails ? kFailed : Outcome::success(2));
  if (fails) {
    world->retry_workflow(own).value();
    world.settle();
    CHECK(items_of(world, world.last_run("each").id).size() == 2);
    world.finish("each", Outcome::success(1));
    world.finish("each", Outcome::success(2));
  }
  CHECK(world.run(own).status == Status::completed);
  CHECK(world.run(own).result == json::value{{"all", {1, 2}}});
  CHECK(world->get_workflow(own).value().status == Status::completed);
}

TEST_CASE("what depends on a task is judged over all items") {
  World world(either_kind());
  make_each(world);
  const auto rule = GENERATE(TriggerRule::all_completed, TriggerRule::all_finished, TriggerRule::any_completed,
                             TriggerRule::any_failed);
  const bool follows = GENERATE(false, true);
  world
      ->create({.id = "down",
                .name = "down",
                .config = call("note"),
                .schedule = follows ? "after dependencies" : "manual",
                .dependencies = {"each"},
                .trigger_rule = rule})
      .value();
  for (const auto& [completed, failed] : {std::pair{2, 0}, std::pair{1, 1}, std::pair{0, 2}}) {
    INFO(completed << " completed, " << failed << " failed");
    run_each(world, 2);
    if (!follows) world->execute("down").value();
    world.calls.clear();
    world.finish("each", completed > 0 ? Outcome::success() : kFailed);
    CHECK(world.times("down").empty());
    world.finish("each", failed > 0 ? kFailed : Outcome::success());
    const bool goes = rule == TriggerRule::all_finished || (rule == TriggerRule::all_completed && failed == 0) ||
                      (rule == TriggerRule::any_completed && completed > 0) ||
                      (rule == TriggerRule::any_failed && failed > 0);
    CHECK(world.times("down").size() == (goes ? 1 : 0));
    world->cancel("down").value();
    world.settle();
  }
}

TEST_CASE("an item is tried again as any run, and nobody hears of it") {
  World world(either_kind());
  world->create({.id = "bell", .name = "bell", .config = call("note")}).value();
  make_each(world, {.name = "",
                    .max_retries = 1,
                    .retry = {.initial_delay = 1s, .jitter = Jitter::none},
                    .notify = {{.on = NotifyOn::failure, .task = "bell"}}});
  const std::string id = run_each(world, 2);
  world.finish("each", Outcome::failure("x", "not yet"));
  world.finish("each");
  CHECK(world.run(id).items == RunItems{.total = 2, .completed = 1});
  world.advance(1s);
  CHECK(items_of(world, id)[0].attempt == 2);
  world.finish("each");
  CHECK(world.run(id).status == Status::completed);

  const std::string bad = run_each(world, 2);
  world.finish("each", kFailed);
  CHECK(world.times("bell").empty());
  world.finish("each", kFailed);
  CHECK(world.run(bad).status == Status::failed);
  CHECK(world.times("bell").size() == 1);
}

TEST_CASE("a run of which items failed says which, keeps the results of the others, and is repeated as a whole") {
  World world(either_kind());
  make_each(world);
  const std::string id = run_each(world, 3);
  world.finish("each", Outcome::success("x"));
  world.finish("each", kFailed);
  world.finish("each", Outcome::success("z"));
  const Run done = world.run(id);
  CHECK(done.status == Status::failed);
  REQUIRE(done.error.has_value());
  CHECK(done.error->code == "items_failed");
  CHECK(done.error->message == "1 of 3 items failed");
  CHECK_FALSE(done.error->retryable);
  CHECK(done.error->data == json::value{{"failed", {1}}});
  CHECK(done.result == json::value{"x", nullptr, "z"});

  const Run item = items_of(world, id)[1];
  CHECK(item.status == Status::failed);
  const Error refused = world->retry_run(item.id).error();
  CHECK(refused.code == Errc::conflict);
  CHECK(refused.detail.find(id) != std::string::npos);
  RunSelection all;
  all.filter = RunQuery{};
  CHECK(world->runs({.dead_letters = true}).value().items.size() == 1);
  const auto again = world->redrive(all).value();
  CHECK(again.ids == Names{id});
  world.settle();
  CHECK(world.parked.size() == 3);
  CHECK(world.run(again.made.at(0)).params == done.params);
  CHECK(items_of(world, again.made[0]).size() == 3);
  RunSelection by_id;
  by_id.ids = Names{item.id};
  CHECK(world->retry_runs(by_id).value().matched == 0);
}

TEST_CASE("a run is cancelled with its items, and ends when the last of them has") {
  World world(either_kind());
  make_each(world);
  world->put_queue({.name = "default", .limit = 2}).value();
  const std::string id = run_each(world, 4);
  CHECK(world.parked.size() == 2);
  const int way = GENERATE(0, 1, 2);
  if (way == 0) world->cancel_run(id).value();
  if (way == 1) world->cancel("each").value();
  if (way == 2) {
    RunSelection all;
    all.filter = RunQuery{};
    CHECK(world->cancel_runs(all).value().ids == Names{id});
  }
  world.settle();
  CHECK(world.run(id).status == Status::pending);
  CHECK(world.run(id).cancel_requested);
  CHECK(world.run(id).items == RunItems{.total = 4, .failed = 2});
  CHECK(count(items_of(world, id), Status::cancelled) == 2);
  CHECK(world.parked.size() == 2);
  CHECK(world->cancel_run(id).has_value());   // once more does nothing
  world.finish("each", Outcome::success(7));  // too late: it was asked to stop
  world.finish("each", kFailed);
  CHECK(world.run(id).status == Status::cancelled);
  CHECK(world.run(id).reason == "cancelled");
  CHECK(world.run(id).items == RunItems{.total = 4, .failed = 4});
  CHECK(world.task("each").status == Status::cancelled);
  run_each(world, 1);
  world.finish("each");
  CHECK(world.task("each").status == Status::completed);
}

TEST_CASE("a run none of whose items has begun is cancelled at once") {
  World world(either_kind());
  make_each(world, {.name = "", .concurrency_key = "k"});
  world->create({.id = "other", .name = "other", .config = call("park"), .concurrency_key = "k"}).value();
  world->execute("other").value();
  world.settle();
  const std::string id = run_each(world, 3);
  CHECK(world.run(id).items == RunItems{.total = 3});
  CHECK(world->cancel_run(id).value().status == Status::cancelled);
  CHECK(world.task("each").status == Status::cancelled);
}

TEST_CASE("an item that is cancelled counts as failed") {
  World world(either_kind());
  make_each(world, {.name = "", .concurrency_key = "k"});
  const std::string id = run_each(world, 2);
  const auto items = items_of(world, id);
  CHECK(world->cancel_run(items[1].id).value().status == Status::cancelled);
  CHECK(world.run(id).items == RunItems{.total = 2, .failed = 1});
  world->cancel_run(items[0].id).value();
  world.settle();
  world.finish("each", kFailed);
  CHECK(world.run(id).status == Status::failed);
  CHECK(world.run(id).error->message == "2 of 2 items failed");
}

TEST_CASE("without items a run completes, and what waited for it goes on") {
  World world(either_kind());
  make_each(world);
  world->create({.id = "down", .name = "down", .config = call("note"), .dependencies = {"each"}}).value();
  world->put_queue({.name = "default", .paused = true}).value();
  const std::string first = run_each(world, 0);
  const std::string second = run_each(world, 0);  // behind the first
  const std::string down = world->execute("down").value().id;
  CHECK(world.run(first).status == Status::pending);
  CHECK(world.run(down).waiting_on == Names{"each"});
  world->put_queue({.name = "default"}).value();
  world.settle();
  CHECK(world.run(first).status == Status::completed);
  CHECK(world.run(first).result == json::array{});
  CHECK(world.run(second).status == Status::completed);
  CHECK(world.run(down).status == Status::completed);
  CHECK(world.task("each").status == Status::completed);
}

TEST_CASE("a list that cannot be had ends the run, without an attempt") {
  World world(either_kind());
  make_each(world, {.name = "", .max_retries = 5});
  const auto error_with = [&](const json::value& params) {
    world->execute("each", params).value();
    world.settle();
    const Run run = world.last_run("each");
    CHECK(run.status == Status::failed);
    CHECK(run.attempts.empty());
    CHECK_FALSE(run.error->retryable);
    CHECK(run.error->message.find("forEach") != std::string::npos);
    return run.error->code;
  };
  CHECK(error_with(nullptr) == "missing_value");
  CHECK(error_with({{"off", json::array{}}}) == "missing_value");
  CHECK(error_with({{"of", "a"}}) == "invalid_config");
  CHECK(error_with({{"of", json::array(1001, json::value(1))}}) == "invalid_config");
  CHECK(error_with({{"of", json::array(100, json::value(1))}, {"large", json::string(200'000, 'x')}}) ==
        "params_too_large");
  CHECK(world.parked.empty());
  CHECK(world->runs({.dead_letters = true}).value().items.size() == 5);
}

TEST_CASE("results that are too large together fail the run") {
  World world(either_kind());
  make_each(world);
  const std::string id = run_each(world, 3);
  for (int i = 0; i < 3; ++i) world.finish("each", Outcome::success(json::string(100'000, 'x')));
  CHECK(world.run(id).status == Status::failed);
  CHECK(world.run(id).error->code == "result_too_large");
  CHECK(world.run(id).result.is_null());
  CHECK(count(items_of(world, id), Status::completed) == 3);
}

}  // namespace taskcore::engine_test
