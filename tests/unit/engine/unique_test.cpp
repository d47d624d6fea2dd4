// Unique keys: who holds one, and what a repeat makes of the task that is there.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

/// A task of ann's, with a mark to tell it by.
TaskSpec order(std::string schedule, std::string mark = "first") {
  return {.name = "Order",
          .description = std::move(mark),
          .config = call("note"),
          .schedule = std::move(schedule),
          .unique_key = "order 42"};
}

CreateOptions by(std::string user, std::optional<OnConflict> on_conflict = {}) {
  return {.created_by = std::move(user), .on_conflict = on_conflict};
}

}  // namespace

TEST_CASE("a repeat of a unique task gives the one that is there") {
  World world(either_kind());
  const Task first = world->create(order("in 5 minutes"), by("ann")).value();
  CHECK_FALSE(first.existed);
  const Task again = world->create(order("in 1 hour", "second"), by("ann")).value();
  CHECK(again.existed);
  CHECK(again.id == first.id);
  CHECK(again.version == 1);
  CHECK(again.description == "first");
  CHECK(world->list().value().items.size() == 1);
  world.reboot();
  CHECK(world->create(order("in 1 hour"), by("ann")).value().id == first.id);
}

TEST_CASE("a unique key is one creator's own") {
  World world(either_kind());
  const std::string of_ann = world->create(order(""), by("ann")).value().id;
  const Task of_bob = world->create(order(""), by("bob")).value();
  CHECK_FALSE(of_bob.existed);
  CHECK(of_bob.id != of_ann);
  CHECK_FALSE(world->create(order("")).value().existed);  // of nobody in particular
}

TEST_CASE("a task holds its unique key while it has a run to come or a live one, and before its first") {
  World world(either_kind());
  TaskSpec spec = order("");
  spec.config = call("park");
  const std::string first = world->create(spec, by("ann")).value().id;
  const auto repeat = [&] { return world->create(spec, by("ann")).value(); };
  CHECK(repeat().id == first);  // it has never run
  world->execute(first).value();
  world.settle();
  CHECK(repeat().id == first);  // it runs
  world.finish(first);
  const Task next = repeat();
  CHECK_FALSE(next.existed);
  CHECK(next.id != first);
  CHECK(world.task(first).unique_key == "order 42");
  // The key is the new one's, whatever becomes of the former.
  world->execute(first).value();
  world.settle();
  CHECK(repeat().id == next.id);
  world->remove(next.id).value();
  const Task third = repeat();
  CHECK_FALSE(third.existed);
}

TEST_CASE("a repeat may be refused") {
  World world(either_kind());
  const std::string id = world->create(order(""), by("ann")).value().id;
  const auto refused = world->create(order("", "second"), by("ann", OnConflict::reject));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::conflict);
  CHECK(refused.error().fields.at(0).pointer == "/uniqueKey");
  CHECK(refused.error().detail.find(id) != std::string::npos);
}

TEST_CASE("a repeat may replace the task's spec, and its schedule goes on") {
  World world(either_kind());
  const Task first = world->create(order("in 10 minutes"), by("ann")).value();
  world.advance(4min);
  const Task replaced = world->create(order("in 10 minutes", "second"), by("ann", OnConflict::update)).value();
  CHECK(replaced.existed);
  CHECK(replaced.id == first.id);
  CHECK(replaced.version == 2);
  CHECK(replaced.description == "second");
  CHECK(replaced.next_run_at == first.next_run_at);
  const Task later = world->create(order("in 30 minutes"), by("ann", OnConflict::update)).value();
  CHECK(later.next_run_at == world.now() + 30min);
}

TEST_CASE("debounced repeats run once, after the last of them") {
  World world(either_kind());
  const std::string id = world->create(order("in 5 minutes"), by("ann")).value().id;
  for (int i = 0; i < 3; ++i) {
    world.advance(4min);
    CHECK(world->create(order("in 5 minutes"), by("ann", OnConflict::debounce)).value().id == id);
  }
  world.advance(20min);
  CHECK(world.times(id) == std::vector<Duration>{17min});
}

TEST_CASE("a debounced repeat of a task that runs makes another run") {
  World world(either_kind());
  TaskSpec spec = order("in 5 minutes");
  spec.config = call("park");
  spec.overlap = Overlap::queue;
  const std::string id = world->create(spec, by("ann")).value().id;
  world.advance(5min);
  REQUIRE(world.parked.size() == 1);
  CHECK(world->create(spec, by("ann", OnConflict::debounce)).value().next_run_at == world.now() + 5min);
  world.advance(1min);
  world.finish(id);
  world.advance(4min);
  CHECK(world.parked.size() == 1);
  CHECK(world.runs(id).size() == 2);
}

TEST_CASE("what is done with a held key can be done with a taken id") {
  World world(either_kind());
  const auto spec = [](std::string mark) {
    return TaskSpec{.id = "job", .name = "Job", .description = std::move(mark), .config = call("note")};
  };
  world->create(spec("first")).value();
  CHECK(world->create(spec("second")).error().code == Errc::conflict);
  CHECK(world->create(spec("second"), by("", OnConflict::keep)).value().description == "first");
  CHECK(world->create(spec("second"), by("", OnConflict::update)).value().description == "second");
  CreateOptions of_another = by("bob", OnConflict::update);
  of_another.may_reuse = [](const Task&) -> Result<void> { return fail(Errc::not_found, "not his"); };
  CHECK(world->create(spec("third"), of_another).error().code == Errc::conflict);
  CHECK(world.task("job").description == "second");
}

TEST_CASE("an edit may take a unique key that nobody holds") {
  World world(either_kind());
  const auto with_key = [](std::string key) -> TaskEdit {
    return [key = std::move(key)](const Task&, TaskSpec& spec) -> Result<void> {
      spec.unique_key = key;
      return {};
    };
  };
  const std::string holder = world->create(order(""), by("ann")).value().id;
  const std::string other = world->create({.name = "Other", .config = call("note")}, by("ann")).value().id;
  const auto refused = world->update(other, with_key("order 42"));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::conflict);
  world->execute(holder).value();
  world.settle();
  CHECK(world->update(other, with_key("order 42")).value().unique_key == "order 42");
  CHECK(world->create(order(""), by("ann")).value().id == other);
  CHECK(world->update(other, with_key("")).value().unique_key.empty());
  CHECK_FALSE(world->create(order(""), by("ann")).value().existed);
}

TEST_CASE("a key that was taken over comes back with a new schedule, when nobody holds it") {
  World world(either_kind());
  const std::string former = world->create(order("now"), by("ann")).value().id;
  world.settle();
  const std::string next = world->create(order("in 1 minute"), by("ann")).value().id;
  REQUIRE(next != former);
  const TaskEdit renew = [](const Task&, TaskSpec& spec) -> Result<void> {
    spec.schedule = "every 1 hour";
    return {};
  };
  CHECK(world->update(former, renew).error().code == Errc::conflict);
  world.advance(1min);
  CHECK(world->update(former, renew).has_value());
  CHECK(world->create(order("now"), by("ann")).value().id == former);
}

TEST_CASE("ensure and tasks made together do not stand in for another task") {
  World world(either_kind());
  world->create(order(""), by("ann")).value();
  TaskSpec ensured = order("");
  ensured.id = "mine";
  CHECK(world->ensure(ensured, by("ann")).error().code == Errc::conflict);
  const auto held = world->create_all({{.name = "A"}, order("")}, by("ann"));
  REQUIRE(held.has_error());
  CHECK(held.error().fields.at(0).pointer == "/1/uniqueKey");
  const auto twice = world->create_all({order(""), order("")}, by("bob"));
  REQUIRE(twice.has_error());
  CHECK(twice.error().fields.at(0).pointer == "/1/uniqueKey");
  CHECK(world->list().value().items.size() == 1);
}

}  // namespace taskcore::engine_test
