// Queues: limits, keys, rates, pause, and whose turn it is.
#include <map>

#include "world.hpp"

namespace taskcore::engine_test {
namespace {

Options with_slots(int slots) {
  Options options;
  options.max_concurrent = slots;
  return options;
}

/// Tasks of one key each that go on until the test ends them, and that may run side by side.
void make(World& world, const std::string& id, const std::string& key, const std::string& queue = "default",
          Priority priority = Priority::normal) {
  world
      ->create({.id = id,
                .name = id,
                .config = call("park"),
                .priority = priority,
                .overlap = Overlap::allow,
                .queue = queue,
                .concurrency_key = key})
      .value();
}

void execute(World& world, const std::string& id, int times = 1) {
  for (int i = 0; i < times; ++i) world->execute(id).value();
  world.settle();
}

/// What runs, in the order of the starts.
Names running(const World& world) {
  Names out;
  for (const Parked& each : world.parked) out.push_back(each.context->task_id());
  return out;
}

}  // namespace

TEST_CASE("runs of one key take turns, whatever their tasks and queues, and hold up no others") {
  World world(either_kind());
  make(world, "a", "customer-1");
  make(world, "b", "customer-1", "mail");
  make(world, "c", "customer-2");
  make(world, "d", "");
  for (const char* id : {"a", "a", "b", "c", "d", "d"}) execute(world, id);
  CHECK(running(world) == Names{"a", "c", "d", "d"});
  world.finish("a");
  CHECK(std::count_if(world.parked.begin(), world.parked.end(), [](const Parked& each) {
          return each.context->task_id() == "a" || each.context->task_id() == "b";
        }) == 1);
  world.reboot();  // what ran is lost, and waits for its time; the key holds all the same
  world.advance(10min);
  std::map<std::string, int> by_key;
  for (const Parked& each : world.parked) {
    const std::string id = each.context->task_id();
    ++by_key[id == "b" ? "a" : id];
  }
  CHECK(by_key == std::map<std::string, int>{{"a", 1}, {"c", 1}, {"d", 2}});
}

TEST_CASE("a key's limit is its queue's") {
  World world(either_kind());
  CHECK(world->put_queue({.name = "default", .key_limit = 2}).value().key_limit == 2);
  make(world, "a", "key");
  execute(world, "a", 5);
  CHECK(running(world).size() == 2);
  world->put_queue({.name = "default", .key_limit = 4}).value();
  world.settle();
  CHECK(running(world).size() == 4);
  world->put_queue({.name = "default", .key_limit = 1}).value();
  world.finish("a");
  CHECK(running(world).size() == 3);  // what runs goes on
}

TEST_CASE("keys are served in turns, however many runs of one are ahead") {
  World world(either_kind(), with_slots(1));
  world->put_queue({.name = "default", .key_limit = 100}).value();
  for (const char* id : {"a", "b", "c"}) make(world, id, id);
  execute(world, "a", 6);
  execute(world, "b", 2);
  execute(world, "c", 1);
  Names order;
  for (int i = 0; i < 9; ++i) {
    order.push_back(running(world).at(0));
    world.finish(order.back());
  }
  CHECK(order == Names{"a", "b", "c", "a", "b", "a", "a", "a", "a"});
}

TEST_CASE("runs without a key and runs with one take turns") {
  World world(either_kind(), with_slots(1));
  for (const char* id : {"a", "b"}) make(world, id, id);
  make(world, "plain", "");
  execute(world, "plain", 1);  // it has the slot
  execute(world, "a", 3);
  execute(world, "b", 3);
  execute(world, "plain", 6);
  int plain = 0;
  for (int i = 0; i < 6; ++i) {
    world.finish(running(world).at(0));
    plain += running(world).at(0) == "plain" ? 1 : 0;
  }
  CHECK(plain == 3);
}

TEST_CASE("a key that is full lets those of its queue that have another pass, also where many wait") {
  World world(either_kind(), with_slots(4));
  for (const char* id : {"a", "b"}) make(world, id, id);
  execute(world, "a", 200);
  execute(world, "b", 1);
  CHECK(running(world) == Names{"a", "b"});
}

TEST_CASE("of a paused queue nothing starts until it is resumed, and what runs goes on") {
  World world(either_kind());
  make(world, "a", "", "mail");
  execute(world, "a");
  world->put_queue({.name = "mail", .paused = true}).value();
  execute(world, "a", 2);
  CHECK(running(world).size() == 1);
  world.reboot();
  world.advance(10min);
  CHECK(running(world).empty());
  world->put_queue({.name = "mail"}).value();
  world.settle();
  CHECK(running(world).size() == 3);
}

TEST_CASE("a queue's limit can be set at any time, and is the options' where it is not") {
  Options options;
  options.queues = {{"mail", 2}};
  World world(either_kind(), options);
  make(world, "a", "", "mail");
  execute(world, "a", 5);
  CHECK(running(world).size() == 2);
  world->put_queue({.name = "mail", .limit = 3}).value();
  world.settle();
  CHECK(running(world).size() == 3);
  world.reboot();
  world.advance(10min);
  CHECK(running(world).size() == 3);
  world->put_queue({.name = "mail"}).value();
  world.finish("a");
  world.finish("a");
  CHECK(running(world).size() == 2);
}

TEST_CASE("a rate bounds the starts of a queue in any period, also over a restart") {
  World world(either_kind());
  world->put_queue({.name = "mail", .rate = Rate{3, 60s}}).value();
  world->create({.id = "a", .name = "a", .config = call("note"), .overlap = Overlap::allow, .queue = "mail"}).value();
  for (int i = 0; i < 7; ++i) world->execute("a").value();
  world.settle();
  CHECK(world.calls.size() == 3);
  world.reboot();
  CHECK(world.calls.size() == 3);
  world.advance(59s);
  CHECK(world.calls.size() == 3);
  world.advance(8s);
  CHECK(world.calls.size() == 6);
  world.advance(67s);
  CHECK(world.calls.size() == 7);
}

TEST_CASE("a rate of keys bounds each by itself") {
  World world(either_kind());
  world->put_queue({.name = "default", .key_limit = 10, .key_rate = Rate{1, 10s}}).value();
  for (const char* id : {"a", "b"}) make(world, id, id);
  execute(world, "a", 3);
  execute(world, "b", 2);
  CHECK(running(world) == Names{"a", "b"});
  world.advance(11s);
  CHECK(running(world).size() == 4);
  world.advance(11s);
  CHECK(running(world).size() == 5);
}

TEST_CASE("a retry waits for its time, for its key and for its rate") {
  World world(either_kind());
  world
      ->create({.id = "a",
                .name = "a",
                .config = call("fail"),
                .max_retries = 1,
                .retry = {.initial_delay = 10s, .jitter = Jitter::none},
                .concurrency_key = "key"})
      .value();
  make(world, "b", "key");
  world->execute("a").value();
  world.settle();
  CHECK(world.calls.size() == 1);
  execute(world, "b");  // between its attempts a run has no key
  CHECK(running(world) == Names{"b"});
  world.advance(15s);
  CHECK(world.last_run("a").status == Status::pending);
  world.finish("b");
  CHECK(world.last_run("a").status == Status::failed);
}

TEST_CASE("what a queue is set to is checked, told, and kept") {
  World world(either_kind());
  CHECK(world->put_queue({.name = "not a name"}).error().fields.at(0).pointer == "/name");
  CHECK(world->put_queue({.name = "q", .limit = 0}).error().fields.at(0).pointer == "/limit");
  CHECK(world->put_queue({.name = "q", .key_limit = 0}).error().fields.at(0).pointer == "/keyLimit");
  CHECK(world->put_queue({.name = "q", .rate = Rate{0, 1s}}).error().fields.at(0).pointer == "/rate/limit");
  CHECK(world->put_queue({.name = "q", .key_rate = Rate{1, 0s}}).error().fields.at(0).pointer == "/keyRate/period");
  make(world, "a", "key", "q");
  execute(world, "a", 3);
  world->put_queue({.name = "r", .limit = 5, .rate = Rate{2, 1s}}).value();
  world.reboot();
  const auto queues = world->queues().value();
  REQUIRE(queues.size() == 3);
  CHECK(queues[0].name == "default");
  CHECK_FALSE(queues[0].updated_at);
  CHECK(queues[1].name == "q");
  CHECK(queues[1].ready + queues[1].delayed + queues[1].running == 3);
  CHECK(queues[2].limit == 5);
  CHECK(queues[2].rate == Rate{2, 1s});
  CHECK(queues[2].updated_at);
}

TEST_CASE("under a steady flood of high priority a low run starts within twenty starts, wherever the round stands") {
  World world(either_kind(), with_slots(1));
  make(world, "urgent", "", "default", Priority::high);
  make(world, "low", "", "default", Priority::low);
  execute(world, "urgent", 5);
  int longest = 0;
  for (int round = 0; round < 25; ++round) {
    world->execute("low").value();
    int starts = 0;
    while (running(world) != Names{"low"}) {
      world->execute("urgent").value();  // the flood goes on
      world.finish("urgent");
      ++starts;
      REQUIRE(starts <= 19);
    }
    longest = std::max(longest, starts);
    world.finish("low");
  }
  CHECK(longest == 19);  // of twenty starts one is its own
}

TEST_CASE("a key's limit holds over all nodes of a shared store") {
  auto disk = std::make_shared<Disk>(Kind::memory, true);
  auto clock = std::make_shared<testing::VirtualClock>();
  World one(disk, clock, 1);
  World two(disk, clock, 2);
  make(one, "a", "key");
  execute(one, "a");
  execute(two, "a", 2);
  CHECK(one.parked.size() == 1);
  CHECK(two.parked.empty());
  one.finish("a");
  two.settle();
  CHECK(one.parked.size() + two.parked.size() == 1);
}

}  // namespace taskcore::engine_test
