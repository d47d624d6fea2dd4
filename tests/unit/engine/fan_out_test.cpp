// Fan-out: runs that are made into one for each item, and what others see of them.
#include <boost/json/serialize.hpp>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

namespace json = boost::json;

const Outcome kFailed = Outcome::failure("x", "no luck", false);

/// A task "each" that parks an attempt for each of its run's params' "of".
void make_each(World& world, TaskSpec spec = {}) {
  spec.id = "each";
  spec.name = "each";
  spec.config = call("park");
  if (spec.for_each.is_null()) spec.for_each = "${params.of}";
  world->create(spec).value();
}

/// Runs it for so many items.
std::string run_each(World& world, std::size_t items) {
  const std::string id = world->execute("each", {{"of", json::array(items, json::value("x"))}}).value().id;
  world.settle();
  return id;
}

std::vector<Run> items_of(World& world, const std::string& run) {
  return world->runs({.item_of = run, .oldest_first = true, .limit = 1000}).value().items;
}

std::size_t count(const std::vector<Run>& runs, Status status) {
  return static_cast<std::size_t>(
      std::count_if(runs.begin(), runs.end(), [status](const Run& run) { return run.status == status; }));
}

/// Runs are kept for an hour.
Options forgetful() {
  Options options;
  options.retention.runs = 1h;
  return options;
}

}  // namespace

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
