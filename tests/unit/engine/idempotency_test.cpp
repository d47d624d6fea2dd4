// Calls that are made once, however often they are sent.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

ProvenancePtr once(std::string scope, std::string body, Duration keep = 24h) {
  auto who = std::make_shared<Provenance>();
  who->actor = "ann";
  who->idempotency.emplace();
  who->idempotency->scope = std::move(scope);
  who->idempotency->body = std::move(body);
  who->idempotency->keep = keep;
  who->idempotency->write = [](const Given& given, const Run*) {
    if (const auto* task = std::get_if<const Task*>(&given)) return "made " + (*task)->id;
    if (const auto* workflow = std::get_if<const WorkflowRun*>(&given)) {
      std::string nodes;
      for (const Run& run : (*workflow)->nodes) nodes += run.task_id + " ";
      return nodes;
    }
    return "made " + std::get<const Run*>(given)->id;
  };
  return who;
}

Result<Task> create(World& world, const ProvenancePtr& who, std::string name = "a") {
  TaskSpec spec;
  spec.name = std::move(name);
  CreateOptions options;
  options.by = who;
  return world->create(std::move(spec), std::move(options));
}

std::size_t count(World& world) { return world->list().value().items.size(); }

using Found = Idempotency::Found;

}  // namespace

TEST_CASE("a call that was answered is answered again and does nothing, after a crash too") {
  World world(either_kind());
  const auto first = once("ann POST /tasks k", "{}");
  const Task task = create(world, first).value();
  CHECK(first->idempotency->found == Found::nothing);
  CHECK(first->idempotency->answer == "made " + task.id);
  world.reboot();
  const auto again = once("ann POST /tasks k", "{}");
  CHECK(create(world, again).error().code == Errc::conflict);
  CHECK(again->idempotency->found == Found::same);
  CHECK(again->idempotency->answer == "made " + task.id);
  CHECK(count(world) == 1);
  CHECK(world->audit().value().items.size() == 1);
}

TEST_CASE("another body under the same key is refused, and another key is another call") {
  World world(either_kind());
  create(world, once("k", "{}")).value();
  const auto other = once("k", "[]");
  CHECK(create(world, other).error().code == Errc::conflict);
  CHECK(other->idempotency->found == Found::other_body);
  CHECK(other->idempotency->answer.empty());
  create(world, once("k2", "{}")).value();
  CHECK(count(world) == 2);
}

TEST_CASE("a key is free again when its time is over") {
  World world(either_kind());
  create(world, once("k", "{}", 1h)).value();
  world.advance(59min);
  CHECK_FALSE(create(world, once("k", "{}", 1h)).has_value());
  world.advance(1min);
  create(world, once("k", "{}", 1h)).value();
  CHECK(count(world) == 2);
}

TEST_CASE("a call that failed leaves nothing, so that it can be repeated") {
  World world(either_kind());
  const auto run = [&] { return world->execute("a", {}, {{}, once("k", "{}")}); };
  CHECK(run().error().code == Errc::not_found);
  TaskSpec spec;
  spec.id = spec.name = "a";
  world->create(spec).value();
  run().value();
  CHECK(run().error().code == Errc::conflict);
  CHECK(world.runs("a").size() == 1);
}

TEST_CASE("a task is cancelled, paused and resumed once, and a workflow run cancelled and retried") {
  World world(either_kind());
  for (const char* id : {"up", "down"}) {
    TaskSpec spec{.id = id, .name = id, .config = call("park")};
    if (spec.id == "down") spec.dependencies = {"up"};
    world->create(spec).value();
  }
  const std::string run = world->execute("up").value().id;
  for (int times = 0; times < 2; ++times) {
    for (auto verb : {&Scheduler::cancel, &Scheduler::pause, &Scheduler::resume}) {
      const auto who = once(std::to_string(verb == &Scheduler::cancel) + std::to_string(verb == &Scheduler::pause), "");
      const auto done = (*world.operator->().*verb)("up", {{}, who});
      CHECK(done.has_value() == (times == 0));
      CHECK(who->idempotency->found == (times == 0 ? Found::nothing : Found::same));
      CHECK(who->idempotency->answer == "made up");
    }
  }
  CHECK(world.task("up").version == 3);
  world.settle();
  world.clear_parked();
  world.settle();

  const std::string workflow = world->execute_workflow("down").value().id;
  const auto ask = [&](auto verb, const std::string& scope, const std::string& hidden) {
    auto who = once(scope, "");
    if (!hidden.empty()) who->idempotency->shows = [hidden](const Task& task) { return task.id != hidden; };
    const auto done = (*world.operator->().*verb)(workflow, {{}, who});
    if (!done) CHECK(who->idempotency->found == Found::same);
    return who->idempotency->answer;
  };
  for (int times = 0; times < 2; ++times) {
    CHECK(ask(&Scheduler::cancel_workflow, "all", "") == "up down ");
    CHECK(ask(&Scheduler::cancel_workflow, "some", "up") == "down ");
  }
  world.settle();
  world.clear_parked();
  world.settle();
  for (int times = 0; times < 2; ++times) CHECK(ask(&Scheduler::retry_workflow, "retry", "down") == "up ");
  CHECK(world.runs("down").size() == 2);
}

}  // namespace taskcore::engine_test
